// SPDX-License-Identifier: Apache-2.0
// The pipeline, and the only place where stages meet: open the image, read its layers, catalogue, match, judge, report.
#pragma once

#include <stop_token>
#include <string>

#include "catalog/catalog.h"
#include "db/db.h"
#include "image/tree.h"
#include "model/report.h"
#include "policy/policy.h"
#include "source/source.h"

namespace peekr {

struct Request {
  ImageRef image;
  std::string base = {};  // what it was built on, as `image` names one; empty: nobody says
  ReadOptions read;
  PackageTypes types = PackageTypes::all;
  bool declared = false;             // of an image, too, all that lock files ask for
  bool sbom_from_referrers = false;  // instead of the layers, the SBOM that is attached to the image
  bool vex_from_referrers = false;   // the VEX documents that are attached to it, behind those of the policy
  Policy policy;
  std::string explain = {};  // a vulnerability to tell all about; empty: none
  std::stop_token stop = {};
};

// What is in the image and which known vulnerabilities it has.
Result<Report> scan(const Request& request, const Db& db);
// The two halves of it. Only what is in it: no findings, a verdict without gates.
Result<Report> take_inventory(const Request& request);
Result<Report> assess(Report inventory, const Request& request, const Db& db);

// The same of every image of an index (ImageRef::all_platforms); a layer that several of them share is read once. What fails for one
// stands in its place. What is no index has one platform, and a remark says so.
Result<IndexReport> take_inventories(const Request& request);
// The reports are of assess().
[[nodiscard]] Verdict judge(const IndexReport& index, const Policy& policy);

}  // namespace peekr
