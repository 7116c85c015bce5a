// SPDX-License-Identifier: Apache-2.0
// The product tree of a CSAF document (docs.oasis-open.org/csaf/csaf/v2.0, 3.2.2): products (CPEs), their components (purls),
// and which is part of which.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "feed/feed.h"
#include "feed/json.h"

namespace peekr::csaf {

struct Component {
  std::string name, evr, arch, module;  // evr: empty where no version is said; module: "nodejs:18"
};

// An rpm of a product, which is named by its CPE.
struct Placed {
  const Component* component = nullptr;
  std::string_view cpe;
  std::string module;
};

class Products {
 public:
  void read(json::object tree, const json::Gaps& gaps);

  enum class Found { placed, other, unknown };  // other: not an rpm of a product with a CPE
  // What a product id of the vulnerabilities means. `placed` points into the tree.
  Found find(std::string_view id, Placed& placed) const;

 private:
  struct Relation {
    std::string component, product;
  };
  void add_product(json::object product, const json::Gaps& gaps);
  void add_purl(const std::string& id, std::string_view purl, const json::Gaps& gaps);
  void add_relation(json::element item, const json::Gaps& gaps);

  std::map<std::string, std::string, std::less<>> cpes_;  // all by product id
  std::map<std::string, Component, std::less<>> packages_;
  std::map<std::string, std::string, std::less<>> modules_;
  std::map<std::string, Relation, std::less<>> relations_;
  std::size_t unnamed_ = 0;
};

// deletions.csv, `"2023/cve-2023-0051.json","2024-02-14T10:00:00+00:00"`: the records of that publisher are withdrawn as of then.
struct Publisher {
  std::string_view prefix, name;  // "REDHAT-" of "REDHAT-CVE-2023-0051", "Red Hat"
};
void read_deletions(std::string_view bytes, const Publisher& publisher, const json::Gaps& gaps,
                    Published& out);

}  // namespace peekr::csaf
