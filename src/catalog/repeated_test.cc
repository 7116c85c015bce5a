// SPDX-License-Identifier: Apache-2.0
#include "catalog/repeated.h"

#include <gtest/gtest.h>

#include "catalog/test_catalog.h"

namespace peekr {
namespace {

using namespace testing_catalog;

Made metadata(const std::string& path, const std::string& name, const std::string& version) {
  return file(path, "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n\n");
}

TEST(Repeated, in_one_folder_the_dist_info_of_a_python_package_wins) {
  const std::string site = "usr/lib/python3/dist-packages/";
  const Made wheel = metadata(site + "Zope.Event-4.5.dist-info/METADATA", "Zope.Event", "4.5");
  EXPECT_EQ(packages(catalogue({{wheel, metadata(site + "zope.event.egg-info/PKG-INFO", "zope-event", "4.5"),
                                 metadata(site + "zope_event-4.4.egg-info", "zope_event", "4.4")}})),
            Texts{"Zope.Event 4.5 @0"});
  EXPECT_EQ(
      packages(catalogue({{wheel, metadata("opt/site/zope.event.egg-info/PKG-INFO", "zope.event", "4.5")}})),
      (Texts{"Zope.Event 4.5 @0", "zope.event 4.5 @0"}))
      << "another folder";
  EXPECT_EQ(packages(catalogue({{wheel, metadata(site + "six.egg-info", "six", "1")}})),
            (Texts{"Zope.Event 4.5 @0", "six 1 @0"}));
}

}  // namespace
}  // namespace peekr
