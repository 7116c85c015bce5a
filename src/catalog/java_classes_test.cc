// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_classes.h"

#include <gtest/gtest.h>

#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

const std::string kClasses = "srv/WEB-INF/classes/x/";
const Made kManager = file(kClasses + "net/JndiManager.class", "java/lang/Object");
const Made kLookup = file(kClasses + "lookup/JndiLookup.class", "javax/naming/NamingException");

TEST(JavaClasses, faulty_ones_are_found_in_a_folder) {
  EXPECT_EQ(packages(catalogue({{kManager, kLookup}})),
            Texts{"org.apache.logging.log4j:log4j-core 2.14.1 @0"});
  EXPECT_EQ(packages(catalogue({{kLookup}})), Texts{"org.apache.logging.log4j:log4j-core 2.0.2 @0"});
  EXPECT_EQ(packages(catalogue({{file(kManager.name, "isJndiEnabled"), kLookup}})), Texts());
}

TEST(JavaClasses, those_in_a_tar_are_judged_by_what_else_is_in_it) {
  const auto found_in = [](const std::vector<Made>& members) {
    return packages(catalogue({{file("app.tar", testing_layers::tar(members))}}));
  };
  const Made mended = file(kManager.name, "isJndiEnabled");
  EXPECT_EQ(found_in({kLookup, mended}), Texts());
  EXPECT_EQ(found_in({mended, kLookup}), Texts());
  EXPECT_EQ(found_in({kLookup, kManager}), Texts{"org.apache.logging.log4j:log4j-core 2.14.1 @0"});
  EXPECT_EQ(found_in({kManager}), Texts());
  EXPECT_EQ(found_in({kLookup}), Texts{"org.apache.logging.log4j:log4j-core 2.0.2 @0"});
  EXPECT_EQ(found_in({file("x/lookup/StringLookupFactory.class", "x")}), Texts());
}

TEST(JavaClasses, what_a_higher_layer_removed_as_a_mitigation_is_none) {
  EXPECT_EQ(packages(catalogue({{kManager, kLookup}, {file(kClasses + "lookup/.wh.JndiLookup.class", "")}})),
            Texts());
}

TEST(JavaClasses, releases_are_compared_by_their_numbers) {
  const FaultyClass fault{.newest = "2.14.1"};
  EXPECT_TRUE(is_later("2.17.1", fault));
  EXPECT_TRUE(is_later("2.14.1.1", fault));
  EXPECT_TRUE(is_later("3.0.0-beta1", fault));
  EXPECT_FALSE(is_later("2.14.1", fault));
  EXPECT_FALSE(is_later("2.9", fault));
  EXPECT_FALSE(is_later("2.14.1-redhat-1", fault));
  EXPECT_FALSE(is_later("unknown", fault));
}

}  // namespace
}  // namespace peekr
