// SPDX-License-Identifier: Apache-2.0
// CSAF 2.0, profile VEX (docs.oasis-open.org/csaf/csaf/v2.0): report/vex.h. Each package as a component of the image is a product;
// what has no digest (a root file system) is none that others know, and the packages stand for themselves.
#include <algorithm>
#include <functional>
#include <map>
#include <span>

#include "base/text.h"
#include "report/columns.h"
#include "report/finding_groups.h"
#include "report/identity.h"
#include "report/json_writer.h"
#include "report/reporter.h"
#include "report/vex.h"

namespace peekr {
namespace {

using Answer = VexAnswer::Status;
using Answers = std::span<const VexAnswer>;

constexpr std::string_view kImage = "image";

struct Products {
  std::string image;                       // its package URL; may be empty
  std::string name;                        // for people
  std::map<std::string, std::string> ids;  // of packages, by package URL

  // What a status is about.
  [[nodiscard]] std::string id_of(const std::string& package) const {
    return image.empty() ? ids.at(package) : ids.at(package) + "-in-image";
  }
};

Products products_of(const Report& report, Answers all) {
  Products products{.image = purl(report.image), .name = one_line(report.image.name)};
  if (products.name.empty()) products.name = kImage;
  for (const VexAnswer& one : all) {
    for (const std::string& package : one.products) products.ids.emplace(package, "");
  }
  std::size_t number = 0;
  for (auto& [package, id] : products.ids) id = "package-" + std::to_string(++number);
  return products;
}

std::vector<std::string> ids_of(const Products& products, const VexAnswer& one) {
  if (one.products.empty()) return {std::string(kImage)};
  std::vector<std::string> ids;
  for (const std::string& package : one.products) ids.push_back(products.id_of(package));
  sort_unique(ids);
  return ids;
}

void write_product(JsonWriter& json, std::string_view id, std::string_view name, const std::string& url) {
  json.text("product_id", id);
  json.text("name", name);
  if (!url.empty()) json.record("product_identification_helper", [&] { json.text("purl", url); });
}

void write_tree(JsonWriter& json, const Products& products) {
  std::map<std::string, std::string> urls = {{std::string(kImage), products.image}};
  for (const auto& [package, id] : products.ids) urls.emplace(id, package);
  json.record("product_tree", [&] {
    json.list("full_product_names", urls, [&](const auto& one) {
      write_product(json, one.first, one.first == kImage ? products.name : one.second, one.second);
    });
    if (products.image.empty() || products.ids.empty()) return;
    json.list("relationships", products.ids, [&](const auto& one) {
      json.text("category", "default_component_of");
      json.text("product_reference", one.second);
      json.text("relates_to_product_reference", kImage);
      json.record("full_product_name", [&] {
        write_product(json, products.id_of(one.first), one.first + " in " + products.name, "");
      });
    });
  });
}

// "^CVE-[0-9]{4}-[0-9]{4,}$"
bool is_cve(std::string_view id) {
  constexpr std::string_view kStart = "CVE-2023-";
  return id.size() >= kStart.size() + 4 && id.starts_with("CVE-") && id[8] == '-' &&
         std::ranges::all_of(id.substr(4, 4), is_digit) && std::ranges::all_of(id.substr(9), is_digit);
}

void write_names(JsonWriter& json, Answers all) {
  const VexAnswer& one = all.front();
  std::vector<std::string> ids;
  for (const VexAnswer& of : all) ids.insert(ids.end(), of.aliases.begin(), of.aliases.end());
  sort_unique(ids);
  if (is_cve(one.id)) {
    json.text("cve", one.id);
  } else {
    ids.insert(ids.begin(), one.id);
  }
  if (ids.empty()) return;
  json.list("ids", ids, [&](const std::string& id) {
    json.text("system_name", one.finding == nullptr ? "peekr" : cut(id, '-').first);
    json.text("text", id);
  });
}

std::string_view remedy_of(const Finding& one) {
  if (is_malware(one)) return "mitigation";
  if (!one.fixed_in.empty() || !one.extended_fixes.empty()) return "vendor_fix";
  const bool never = one.standing == Standing::wont_fix || one.standing == Standing::end_of_life;
  return never ? "no_fix_planned" : "none_available";
}

std::vector<const VexAnswer*> with(Answers all, const std::function<bool(const VexAnswer&)>& holds) {
  std::vector<const VexAnswer*> list;
  for (const VexAnswer& one : all) {
    if (holds(one)) list.push_back(&one);
  }
  return list;
}

void write_status(JsonWriter& json, const Products& products, Answers all) {
  constexpr std::pair<Answer, std::string_view> kKeys[] = {
      {Answer::affected, "known_affected"},
      {Answer::not_affected, "known_not_affected"},
      {Answer::fixed, "fixed"},
      {Answer::under_investigation, "under_investigation"}};
  json.record("product_status", [&] {
    for (const auto& [status, key] : kKeys) {
      std::vector<std::string> ids;
      for (const VexAnswer& one : all) {
        if (one.status != status) continue;
        const std::vector<std::string> more = ids_of(products, one);
        ids.insert(ids.end(), more.begin(), more.end());
      }
      sort_unique(ids);
      if (!ids.empty()) json.strings(key, ids);
    }
  });
}

// What is said on all answers of one vulnerability.
void write_vulnerability(JsonWriter& json, const Products& products, Answers all) {
  const VexAnswer& first = all.front();
  write_names(json, all);
  std::string text = first.finding == nullptr ? first.notes : one_line(first.finding->summary);
  if (text.empty()) text = first.id;
  std::vector<std::pair<std::string_view, std::string>> notes = {{"description", text}};
  for (const VexAnswer& one : all) {
    if (one.finding != nullptr && !one.notes.empty())
      notes.emplace_back("details", join(ids_of(products, one), ", ") + ": " + one.notes);
  }
  json.list("notes", notes, [&](const auto& note) {
    json.text("category", note.first);
    json.text("text", note.second);
  });
  write_status(json, products, all);
  const auto list = [&](std::string_view key, const auto& holds, const auto& fields) {
    const std::vector<const VexAnswer*> some = with(all, holds);
    if (some.empty()) return;
    json.list(key, some, [&](const VexAnswer* one) {
      fields(*one);
      json.strings("product_ids", ids_of(products, *one));
    });
  };
  list(
      "flags", [](const VexAnswer& one) { return !one.justification.empty(); },
      [&](const VexAnswer& one) { json.text("label", one.justification); });
  list(
      "threats", [](const VexAnswer& one) { return !one.impact.empty(); },
      [&](const VexAnswer& one) {
        json.text("category", "impact");
        json.text("details", one.impact);
      });
  list(
      "remediations", [](const VexAnswer& one) { return !one.action.empty(); },
      [&](const VexAnswer& one) {
        json.text("category", remedy_of(*one.finding));
        json.text("details", one.action);
      });
}

void write_document(JsonWriter& json, const Report& report, const Products& products) {
  json.record("document", [&] {
    json.text("category", "csaf_vex");
    json.text("csaf_version", "2.0");
    json.text("lang", "en");
    json.text("title", "vulnerabilities of " + products.name);
    const std::vector<Note> notes = all_notes(report);
    if (!notes.empty()) {
      json.list("notes", notes, [&](const Note& note) {
        json.text("category", "general");
        json.text("text", one_line(words(note)));
      });
    }
    json.record("publisher", [&] {
      json.text("category", "other");
      json.text("name", "peekr");
      json.text("namespace", "https://peekr.invalid");
    });
    json.record("tracking", [&] {
      json.text("id", "peekr-" + uuid_of(report, "csaf"));
      json.text("status", "final");
      json.text("version", "1");
      json.text("initial_release_date", report.created);
      json.text("current_release_date", report.created);
      json.only("revision_history", [&] {
        json.text("number", "1");
        json.text("date", report.created);
        json.text("summary", "written by a scan");
      });
      json.record("generator", [&] {
        json.record("engine", [&] {
          json.text("name", "peekr");
          json.text("version", report.version);
        });
      });
    });
  });
}

void scan(const Report& report, const Style& /*style*/, std::string& out) {
  const std::vector<VexAnswer> all = vex_answers(report);
  const Products products = products_of(report, all);
  std::vector<Answers> by_id;
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i;
    while (end < all.size() && all[end].id == all[i].id) ++end;
    by_id.push_back(Answers(all).subspan(i, end - i));
    i = end;
  }
  JsonWriter json(out);
  json.document([&] {
    write_document(json, report, products);
    write_tree(json, products);
    json.list("vulnerabilities", by_id,
              [&](const Answers& one) { write_vulnerability(json, products, one); });
  });
}

}  // namespace

namespace reporters {
extern const Reporter csaf;
constexpr Reporter csaf = {
    .name = "csaf", .about = "CSAF 2.0, profile VEX: the same as openvex", .scan = scan};
}  // namespace reporters

}  // namespace peekr
