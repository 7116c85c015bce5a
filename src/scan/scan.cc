// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.h"

#include <algorithm>

#include "base/timer.h"
#include "catalog/catalog.h"
#include "catalog/document.h"
#include "image/layer.h"
#include "image/record.h"
#include "match/explain.h"
#include "match/match.h"
#include "scan/attached.h"
#include "scan/drift.h"
#include "source/base.h"

namespace peekr {

namespace {

Declared declared_of(const Image& image, const Request& request) {
  return request.declared || image.info.kind == "dir" ? Declared::all : Declared::alone;
}

// Under which the cache has the inventory of an image; empty: it is not kept. The layers' keys are those of the digests
// that the image was read by; what the source could not take from it is part of what it says.
std::string image_key(const Image& image, const Request& request) {
  const ReadOptions& options = request.read;
  std::string text = "image 1 " + image.info.digest.str();
  if (declared_of(image, request) == Declared::all) text += " declared";
  for (std::uint32_t layer = 0; layer < image.info.layers.size(); ++layer) {
    const std::string key = layer_key(image, layer, reader(request.types), options);
    if (key.empty()) return {};
    text += " " + key;
  }
  for (const Note& note : image.notes) text += "\n" + note.path.str() + "\n" + note.what;
  return image.info.layers.empty() ? "" : Cache::key(text);
}

Result<Inventory> inventory_of(const Image& image, const Request& request) {
  if (!image.document.empty()) return catalog_document(image, request.types);
  const std::string key = image_key(image, request);
  if (!key.empty()) {
    const std::optional<std::string> bytes = request.read.cache->load(key);
    if (bytes) {
      if (std::optional<Inventory> known = unpack_inventory(*bytes)) return *std::move(known);
    }
  }
  const Tree tree = TRY(read_layers(image, reader(request.types), request.read, request.stop));
  const Selection selection{.types = request.types, .declared = declared_of(image, request)};
  Inventory inventory = catalog(image, tree, request.read.limits, selection);
  if (!key.empty()) request.read.cache->save(key, pack(inventory));
  return inventory;
}

std::uint64_t bytes_of(const Image& image) {
  std::uint64_t bytes = 0;
  for (const LayerInfo& layer : image.info.layers) bytes += std::min(layer.size, ~bytes);
  return bytes;
}

// What is known before any layer is read.
Status check_size(const Image& image, const Limits& limits) {
  const std::uint64_t bytes = bytes_of(image);
  if (bytes <= limits.image_bytes) return {};
  return fail(Errc::limit, image.info.name + ": its layers have " + std::to_string(bytes) +
                               " bytes (limit image_bytes is " + std::to_string(limits.image_bytes) + ")");
}

// What the container's image has: all layers but the last one.
Result<Drift> drift_of(Image container, const Inventory& inventory, const Request& request) {
  container.info.layers.pop_back();
  container.layers.pop_back();
  container.notes.clear();
  const Inventory image = TRY(inventory_of(container, request));
  return drift(image, inventory);
}

// The rules, and behind them the VEX documents that are attached to the image.
Result<std::vector<std::string>> sift_by_all(Report& report, const Policy& policy) {
  if (report.image.vex.empty()) return sift(report, policy);
  Policy more = policy;
  for (const AttachedText& one : report.image.vex) {
    Vex document = TRY(read_vex(one.name, one.text));
    more.vex.push_back(std::move(document));
  }
  return sift(report, more);
}

}  // namespace

Result<Report> take_inventory(const Request& asked) {
  const Timer timer("scan/inventory");
  Request request = asked;
  Image image = TRY(open_image(request.image, request.read.limits));
  TRY(take_attached(image, request));
  TRY(check_size(image, request.read.limits));
  const bool is_container = image.info.kind == "container";
  Cache for_now("");  // of a container the image's layers are wanted twice
  if (is_container && request.read.cache == nullptr) request.read.cache = &for_now;
  Inventory inventory = TRY(inventory_of(image, request));
  std::optional<Drift> found;
  if (is_container) found = TRY(drift_of(image, inventory, request));
  if (request.read.cache != nullptr) recognise_base(image.info, *request.read.cache);
  if (image.fetched) {
    request.image.access.tell("fetched " + std::to_string(image.fetched()) + " bytes; the image has " +
                              std::to_string(bytes_of(image)));
  }
  return Report{.image = std::move(image.info), .inventory = std::move(inventory), .drift = std::move(found)};
}

Result<Report> assess(Report report, const Request& request, const Db& db) {
  report.findings = TRY(match(report.inventory, db));
  if (!request.explain.empty()) TRY(explain(request.explain, db, report));
  const std::vector<std::string> remarks = TRY(sift_by_all(report, request.policy));
  report.verdict = judge(report, request.policy);
  report.verdict.remarks.insert(report.verdict.remarks.end(), remarks.begin(), remarks.end());
  report.db = TRY(db.info());
  return report;
}

Result<Report> scan(const Request& request, const Db& db) {
  Report report = TRY(take_inventory(request));
  return assess(std::move(report), request, db);
}

}  // namespace peekr
