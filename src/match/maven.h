// SPDX-License-Identifier: Apache-2.0
// Maven's names are "group:artifact". A jar without a project file does not say its group (catalog/java_identity.h), so a name that the
// database does not have may mean another one of the same artifact id: all where its group is its artifact id ("quartz:quartz"), else
// those whose group is below its own or above ("org.springframework.webflow" and "org.springframework"). One that the database has, and whose
// group is its artifact id, may mean what it is called since it moved, too: "dom4j:dom4j" "org.dom4j:dom4j".
#pragma once

#include <vector>

#include "match/assess.h"
#include "match/scope.h"

namespace peekr {

// The names that the scope's ecosystems have, by artifact id.
Status take_names(const Db& db, Scope& scope);
// As the row has them; and those that it may mean.
[[nodiscard]] std::vector<Subject> subjects(const Scope& scope, const Package& package);

}  // namespace peekr
