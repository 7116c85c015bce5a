// SPDX-License-Identifier: Apache-2.0
#include "policy/vendored.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "policy/plan.h"

namespace peekr {
namespace {

// urllib3 at these places, where pip lies beside the first.
Remediation plan_of_urllib3(const std::vector<std::string>& paths) {
  Report report;
  for (const std::string& path : paths) {
    report.findings.list.push_back({.package = report.inventory.packages.size(),
                                    .id = "CVE-1",
                                    .fixed_in = "2",
                                    .proofs = {{.scheme = "pep440"}}});
    report.inventory.packages.push_back(
        {.type = "pypi", .name = "urllib3", .version = "1", .path = Path(path)});
  }
  report.inventory.packages.push_back(
      {.type = "pypi",
       .name = "pip",
       .version = "23.0.1",
       .path = Path("opt/lib/python3.11/site-packages/pip-23.0.1.dist-info/METADATA")});
  Findings left;
  for (const Finding& one : report.findings.list) {
    if (Vendored::home_of(report.inventory.packages[one.package]) != "") left.list.push_back(one);
  }
  Means means(report.inventory.packages);
  Remediation plan = drafted(report, means);
  settle(report, left, means, plan);
  return plan;
}

TEST(Vendored, what_a_python_package_has_taken_into_its_own_folder_is_promised_by_no_command) {
  const std::string site = "opt/lib/python3.11/site-packages/";
  const std::string said = "pypi urllib3 1: bundled in ",
                    only = ": only another version of that can change it: CVE-1";
  for (const auto& [path, owner] :
       {std::pair(site + "pip/_vendor/vendor.txt", std::string("pip 23.0.1")),
        {site + "setuptools/_vendor/urllib3-1.dist-info/METADATA", "/" + site + "setuptools"},
        {"srv/mine/_vendor/urllib3-1.dist-info/METADATA", "/srv/mine"}}) {
    const Remediation plan = plan_of_urllib3({path});
    EXPECT_TRUE(plan.actions.empty()) << path;
    EXPECT_EQ(plan.staying, std::vector<std::string>{said + owner + only});
  }
  const std::string usual = site + "urllib3-1.dist-info/METADATA";
  const Remediation both = plan_of_urllib3({usual, site + "pip/_vendor/vendor.txt"});
  ASSERT_EQ(both.actions.size(), 1u);
  EXPECT_EQ(both.actions[0].command, "/opt/bin/python3.11 -m pip install 'urllib3>=2,<3'");
  EXPECT_EQ(std::pair(both.before, both.after), std::pair(std::size_t{2}, std::size_t{1}));
  EXPECT_EQ(plan_of_urllib3({"srv/_vendor/lib/site-packages/urllib3-1.dist-info/METADATA"}).actions.size(),
            1u)
      << "a whole environment";
}

}  // namespace
}  // namespace peekr
