// SPDX-License-Identifier: Apache-2.0
// Maven's names are "group:artifact". A jar without a project file does not say its group (catalog/java_identity.h), so a name that the
// database does not have may mean another one of the same artifact id: all where its group is its artifact id ("quartz:quartz"), else
// those whose group is below its own or above ("org.springframework.webflow" and "org.springframework"). One that the database has, and whose
// group is its artifact id, may mean what it is called since it moved, too: "dom4j:dom4j" "org.dom4j:dom4j".
// Most records on Tomcat name neither of the jars of its distribution, but tomcat-embed-core or org.apache.tomcat:tomcat of the same release:
// its catalina.jar stands for them. So does Cassandra's jar for cassandra-all.
#pragma once

#include <string_view>
#include <vector>

#include "match/assess.h"
#include "match/scope.h"
#include "model/finding.h"

namespace peekr {

// The names that the scope's ecosystems have, by artifact id.
Status take_names(const Db& db, Scope& scope);
// Whether what is said of the other holds for it, without a guess: "org.apache.tomcat:tomcat-catalina" and "org.apache.tomcat:tomcat".
[[nodiscard]] bool is_part_of(std::string_view name, std::string_view whole);
// What is said of the whole alone, and of a jar beside its part, too (CVE-2020-1938: tomcat-embed-core, tomcat-coyote), is that jar's: the
// part's finding goes, and its names, proofs and grades to the jar's. Both stay where the jar's has a lower fix, is milder or less sure.
void leave_to_neighbours(const std::vector<Package>& packages, std::vector<Finding>& findings);
// As the row has them; and those that it may mean.
[[nodiscard]] std::vector<Subject> subjects(const Scope& scope, const Package& package);

}  // namespace peekr
