// SPDX-License-Identifier: Apache-2.0
#include "scan/scan.h"

#include <algorithm>

#include "base/pool.h"
#include "base/text.h"
#include "base/timer.h"
#include "catalog/catalog.h"
#include "catalog/document.h"
#include "image/layer.h"
#include "image/partial.h"
#include "image/record.h"
#include "match/explain.h"
#include "match/match.h"
#include "model/read_whole.h"
#include "scan/attached.h"
#include "scan/drift.h"
#include "scan/foreseen.h"
#include "source/base.h"
#include "source/reference.h"

namespace peekr {

namespace {

Declared declared_of(const Image& image, const Request& request) {
  return request.declared || image.info.kind == "dir" ? Declared::all : Declared::alone;
}

// Under which the cache has the inventory of an image; empty: it is not kept. The layers' keys are those of the digests
// that the image was read by; what the source could not take from it is part of what it says.
std::string image_key(const Image& image, const Request& request) {
  const ReadOptions& options = request.read;
  std::string text = "image 3 " + image.info.digest.str();
  if (declared_of(image, request) == Declared::all) text += " declared";
  for (std::uint32_t layer = 0; layer < image.info.layers.size(); ++layer) {
    const std::string key = layer_key(image, layer, reader(request.types), options);
    if (key.empty()) return {};
    text += " " + key;
  }
  for (const Note& note : image.notes) text += "\n" + note.path.str() + "\n" + note.what;
  return image.info.layers.empty() ? "" : Cache::key(text);
}

bool read_in_part(const Image& image) {
  return std::ranges::any_of(image.tables,
                             [&](const auto& one) { return toc_in_use(image, one.first) != nullptr; });
}

// What has become of the layers that were to be read in part.
void describe_reading(Image& image) {
  for (const auto& [layer, table] : image.tables)
    image.info.layers[layer].partial = toc_in_use(image, layer) != nullptr;
  if (!image.fetched) return;  // then none was
  image.whole_because->with([&](const Image::WholeBecause& all) {
    for (const auto& [layer, why] : all) image.info.layers[layer].whole_because = why;
  });
}

Result<Inventory> inventory_of(const Image& image, const Request& request, Foreseen foreseen = {}) {
  if (!image.document.empty()) return catalog_document(image, request.types);
  const std::string key = image_key(image, request);
  if (!key.empty() && request.read.verify != Verify::full) {  // full: what is there is to be seen
    if (foreseen.inventory && foreseen.key == key) return *std::move(foreseen.inventory);
    if (std::optional<Inventory> known = load_inventory(key, *request.read.cache)) {
      if (image.fetched) foretell(request, key);
      return *std::move(known);
    }
  }
  foreseen = {};  // a wrong guess would take its memory as long as this one is made
  Tree tree = TRY(read_layers(image, reader(request.types), request.read, request.stop));
  const Selection selection{.types = request.types, .declared = declared_of(image, request)};
  Inventory inventory = catalog(image, tree, request.read, selection);
  const auto keep = [&] {
    if (key.empty() || read_in_part(image)) return;
    request.read.cache->save(key, pack(inventory));
    if (image.fetched) foretell(request, key);
  };
  Pool(2).map(2, [&](std::size_t task) {  // each takes some milliseconds
    task == 0 ? keep() : static_cast<void>(tree = Tree());
    return task;
  });
  return inventory;
}

// What is known before any layer is read.
Status check_size(const Image& image, const Limits& limits) {
  const std::size_t layers = image.info.layers.size();
  if (layers > limits.layers)
    return fail(Errc::limit, image.info.name + ": " + std::to_string(layers) + " layers (limit layers is " +
                                 std::to_string(limits.layers) + ")");
  const std::uint64_t bytes = stored_bytes(image.info);
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
std::vector<std::string> sift_by_all(Report& report, const Policy& policy) {
  if (report.image.vex.empty()) return sift(report, policy);
  Policy more = policy;
  for (const std::shared_ptr<const Vex>& one : report.image.vex) more.vex.push_back(*one);
  return sift(report, more);
}

// Whether its inventory is what any scan of it would have, and may stand for it as a base image.
bool is_whole(const Image& image, const Request& request) {
  return image.document.empty() && request.types == PackageTypes::all && !request.read.partial &&
         declared_of(image, request) == Declared::alone && image.info.kind != "container";
}

// Who the user is to the registry of the image is no business of another one; a token may be that one's, if somebody says so.
ImageRef base_ref(const Request& request, const ImageInfo& info) {
  const auto host = [](const std::string& target) {
    std::string_view name = target;
    for (const std::string_view front : {std::string_view("registry:"), kRegistryUrl}) {
      if (name.starts_with(front)) name.remove_prefix(front.size());
    }
    const Result<ImageReference> reference = parse_reference(name);
    return reference ? reference->host : "";
  };
  ImageRef ref = request.image;
  ref.text = request.base;
  ref.platform = info.platform;
  ref.all_platforms = false;
  if (host(request.base) == host(request.image.text)) return ref;
  ref.access.username = ref.access.password = "";
  if (ref.access.token_host.empty()) ref.access.token = "";
  return ref;
}

// Its manifest and its configuration are enough.
Status take_named_base(ImageInfo& info, const Request& request) {
  if (request.base.empty()) return {};
  const Timer timer("scan/base");
  const Image base = TRY(within("--base", open_image(base_ref(request, info), request.read.limits)));
  if (take_base(info, base.info, request.read.verify)) return {};
  request.image.access.tell(
      "--base " + printable(request.base) +
      ": its layers are not the lowest ones of the image: none counts as a base image's");
  return {};
}

// `request.read.cache` is there where layers are wanted twice; `before`: so much had come over the line for others.
Result<Report> inventory_report(Image image, const Request& request, std::uint64_t before,
                                Foreseen foreseen = {}) {
  std::optional<Inventory> claimed = TRY(take_attached(image, request));
  TRY(check_size(image, request.read.limits));
  Inventory inventory =
      claimed ? *std::move(claimed) : TRY(inventory_of(image, request, std::move(foreseen)));
  std::optional<Drift> found;
  if (image.info.kind == "container") found = TRY(drift_of(image, inventory, request));
  if (request.read.cache != nullptr) {
    recognise_base(image.info, request.read.verify, *request.read.cache);
    if (is_whole(image, request)) remember(image.info, inventory, reader().version(), *request.read.cache);
  }
  TRY(take_named_base(image.info, request));
  describe_reading(image);
  if (image.fetched) image.info.fetched = image.fetched() - before;
  return Report{.image = std::move(image.info), .inventory = std::move(inventory), .drift = std::move(found)};
}

// Of what comes over a line, and of what was to be read in part and was not.
void tell_reading(const Request& request, const ImageInfo& image) {
  const PlatformReport one{.platform = image.platform};
  const std::string which = request.image.all_platforms ? titled(one) + ": " : "";
  if (image.fetched)
    request.image.access.tell(which + "fetched " + std::to_string(*image.fetched) + " bytes; the image has " +
                              std::to_string(stored_bytes(image)));
  if (request.read.partial && !image.fetched)
    request.image.access.tell("--partial: parts are to be had of an image in a registry only: all of " +
                              image.name + " was read");
  for (const std::string& line : told_of_whole_layers(image)) request.image.access.tell(which + line);
}

Result<Report> entry_report(const IndexEntry& entry, const Request& request) {
  const Timer timer("scan/platform", entry.platform);
  Image image = TRY(entry.open());
  const std::uint64_t before = image.fetched ? image.fetched() : 0;
  Report report = TRY(inventory_report(std::move(image), request, before));
  tell_reading(request, report.image);
  return report;
}

PlatformReport platform_report(const IndexEntry& entry, const Request& request) {
  PlatformReport one{.platform = entry.platform,
                     .os_version = entry.os_version,
                     .digest = entry.digest,
                     .state = PlatformReport::State::listed,
                     .why = entry.why_not};
  if (!entry.open) return one;
  Result<Report> report = entry_report(entry, request);
  one.state = report ? PlatformReport::State::scanned : PlatformReport::State::failed;
  if (report) {
    one.report = *std::move(report);
  } else {
    one.why = report.error().message;
  }
  return one;
}

// What is no index of several.
Result<IndexReport> index_of_one(Image image, const Request& request) {
  IndexReport index{.image = {.name = image.info.name, .kind = image.info.kind, .tag = image.info.tag}};
  Report report = TRY(inventory_report(std::move(image), request, 0));
  tell_reading(request, report.image);
  const std::string& platform = report.image.platform;
  index.verdict.remarks.push_back("--platform all: " + index.image.name +
                                  " is no index of several platforms: " +
                                  (platform.empty() ? "it has none" : "it is for " + platform + " only"));
  PlatformReport& one =
      index.platforms.emplace_back(PlatformReport{.platform = platform, .digest = report.image.digest});
  one.report = std::move(report);
  return index;
}

// What is to be said of the rules, once where it is the same for every platform.
void add_remarks(const IndexReport& index, std::vector<std::string>& all) {
  const auto says = [](const PlatformReport& one, const std::string& remark) {
    return !one.report ||
           std::ranges::find(one.report->verdict.remarks, remark) != one.report->verdict.remarks.end();
  };
  for (const PlatformReport& one : index.platforms) {
    if (!one.report) continue;
    for (const std::string& remark : one.report->verdict.remarks) {
      const bool same =
          std::ranges::all_of(index.platforms, [&](const auto& other) { return says(other, remark); });
      std::string text = same ? remark : titled(one) + ": " + remark;
      if (std::ranges::find(all, text) == all.end()) all.push_back(std::move(text));
    }
  }
}

}  // namespace

Result<Report> take_inventory(const Request& asked) {
  const Timer timer("scan/inventory");
  Request request = asked;
  std::optional<Result<Image>> opened;
  Foreseen foreseen;
  Pool(2).map(2, [&](std::size_t task) {
    if (task == 0) opened = open_image(request.image, request.read.limits);
    if (task == 1) foreseen = foresee(request);
    return task;
  });
  Image image = TRY(*std::move(opened));
  Cache for_now("");  // of a container the image's layers are wanted twice
  if (image.info.kind == "container" && request.read.cache == nullptr) request.read.cache = &for_now;
  Report report = TRY(inventory_report(std::move(image), request, 0, std::move(foreseen)));
  tell_reading(request, report.image);
  return report;
}

Result<IndexReport> take_inventories(const Request& asked) {
  const Timer timer("scan/inventories");
  Request request = asked;
  Image image = TRY(open_image(request.image, request.read.limits));
  Cache for_now("");
  if (request.read.cache == nullptr) request.read.cache = &for_now;
  if (image.entries.empty()) return index_of_one(std::move(image), request);
  IndexReport index{.image = std::move(image.info)};
  for (const IndexEntry& entry : image.entries) index.platforms.push_back(platform_report(entry, request));
  return index;
}

Result<Report> assess(Report report, const Request& request, const Db& db) {
  report.findings = TRY(match(report.inventory, db));
  if (!request.explain.empty()) TRY(explain(request.explain, db, report));
  const std::vector<std::string> remarks = sift_by_all(report, request.policy);
  report.db = TRY(db.info());
  report.verdict = judge(report, request.policy);
  report.verdict.remarks.insert(report.verdict.remarks.end(), remarks.begin(), remarks.end());
  return report;
}

Verdict judge(const IndexReport& index, const Policy& policy) {
  using State = PlatformReport::State;
  Verdict all{.remarks = index.verdict.remarks};
  std::vector<int> codes;
  for (const PlatformReport& one : index.platforms) {
    if (one.state == State::failed) {
      codes.push_back(kCouldNot);
      all.reasons.push_back(titled(one) + ": could not be scanned");
    }
    if (!one.report) continue;
    codes.push_back(one.report->verdict.exit_code);
    for (const std::string& reason : one.report->verdict.reasons)
      all.reasons.push_back(titled(one) + ": " + reason);
  }
  add_remarks(index, all.remarks);
  for (const int code : codes_by_gravity(policy)) {
    if (all.exit_code == 0 && std::ranges::find(codes, code) != codes.end()) all.exit_code = code;
  }
  return all;
}

Result<Report> scan(const Request& request, const Db& db) {
  Report report = TRY(take_inventory(request));
  return assess(std::move(report), request, db);
}

}  // namespace peekr
