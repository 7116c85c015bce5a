// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.h"

#include "base/timer.h"
#include "catalog/catalog.h"
#include "match/match.h"
#include "source/source.h"

namespace peekr {

Result<Report> take_inventory(const Request& request) {
  const Timer timer("scan/inventory");
  Image image = TRY(open_image(request.image, request.platform, request.read.limits));
  const Tree tree = TRY(read_layers(image, reader(), request.read, request.stop));
  const Declared declared = request.declared || image.info.kind == "dir" ? Declared::all : Declared::alone;
  Inventory inventory = catalog(image, tree, request.read.limits, declared);
  return Report{.image = std::move(image.info), .inventory = std::move(inventory)};
}

Result<Report> assess(Report report, const Request& request, const Db& db) {
  report.findings = TRY(match(report.inventory, db));
  report.verdict = judge(report.inventory, report.findings, request.policy);
  report.db = TRY(db.info());
  return report;
}

Result<Report> scan(const Request& request, const Db& db) {
  return assess(TRY(take_inventory(request)), request, db);
}

}  // namespace peekr
