// SPDX-License-Identifier: Apache-2.0
// One file, because the reader holds simdjson's types, which no header of ours includes.
#include "report/saved.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <concepts>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/text.h"
#include "model/order.h"
#include "model/purl.h"
#include "report/record_finding.h"
#include "report/saved_check.h"

namespace peekr {
namespace {

namespace dom = simdjson::dom;

// Reads what RecordWriter wrote, by the same description. As in a Cursor, the first thing that is wrong is kept, what is read after
// it is empty, and error() is asked once.
class RecordReader {
 public:
  explicit RecordReader(dom::object root) : at_(root) {}

  // "findings[2].package.index: is missing"; empty: nothing was wrong.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] bool has(std::string_view key) const { return at_[key].error() == simdjson::SUCCESS; }

  void text(std::string_view key, std::string& value) {
    std::string_view read;
    if (may_lack(key) || !get(key, read, "is no text")) return;
    value = read;
    const std::string whole = std::string(key) + "_bytes";
    if (value.find("\xEF\xBF\xBD") == std::string::npos || !has(whole)) return;
    if (!get(whole, read, "is no text")) return;
    std::optional<std::string> bytes = base64_decoded(read);
    if (!bytes) return fail(whole, "is no base64");
    value = *std::move(bytes);
  }
  void text(std::string_view key, Path& value) {
    std::string read;
    text(key, read);
    value = Path(read);
  }
  void text(std::string_view key, Digest& value) {
    std::string read;
    text(key, read);
    if (read.empty()) return;
    Result<Digest> digest = Digest::parse(read);
    if (!digest) return fail(key, digest.error().message);
    value = *std::move(digest);
  }
  void texts(std::string_view key, std::vector<std::string>& all, std::string_view field) {
    list(key, all, [&](std::string& one) { text(field, one); });
  }
  template <std::integral Number>
  void number(std::string_view key, Number& value) {
    std::uint64_t read = 0;
    if (may_lack(key) || !get(key, read, "is no number of things")) return;
    if (!std::in_range<Number>(read)) return fail(key, "is too large: " + std::to_string(read));
    value = static_cast<Number>(read);
  }
  template <std::integral Number>
  void number(std::string_view key, std::optional<Number>& value) {
    if (!is_null(key) && !may_lack(key)) number(key, value.emplace());
  }
  void score(std::string_view key, double& value, double most) {
    double read = 0;
    if (!get(key, read, "is no number")) return;
    if (!(read >= 0 && read <= most)) return fail(key, fmt::format("is not between 0 and {}", most));
    value = read;
  }
  void score(std::string_view key, std::optional<double>& value, double most) {
    if (!is_null(key) && !may_lack(key)) score(key, value.emplace(), most);
  }
  void flag(std::string_view key, bool& value) {
    if (!may_lack(key)) get(key, value, "is neither true nor false");
  }
  void flag(std::string_view key, bool& value, std::string_view no, std::string_view yes) {
    std::string_view read;
    if (!get(key, read, "is no text")) return;
    if (read != no && read != yes)
      return fail(key, "is neither " + std::string(no) + " nor " + std::string(yes));
    value = read == yes;
  }
  template <class Word>
  void word(std::string_view key, Word& value, Word last) {
    std::string_view read;
    if (!get(key, read, "is no text")) return;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
      value = static_cast<Word>(i);
      if (name(value) == read) return;
    }
    fail(key, "is " + quoted(read) + ", which is no such word");
  }
  template <class Fields>
  void record(std::string_view key, const Fields& fields) {
    dom::object read;
    if (!may_lack(key) && get(key, read, "is no record")) within({.key = key, .index = {}}, read, fields);
  }
  template <class T, class Fields>
  void record(std::string_view key, std::optional<T>& value, const Fields& fields) {
    if (!is_null(key) && !may_lack(key)) record(key, [&] { fields(value.emplace()); });
  }
  template <class T, class Fields>
  void list(std::string_view key, std::vector<T>& all, const Fields& fields) {
    dom::array read;
    if (may_lack(key) || !get(key, read, "is no list")) return;
    all.clear();
    for (const dom::element item : read) {
      dom::object one;
      const Place place{.key = key, .index = all.size()};
      if (item.get(one) != simdjson::SUCCESS) return fail(spelled(place), "is no record");
      within(place, one, [&] { fields(all.emplace_back()); });
      if (!error_.empty()) return;
    }
  }
  template <class Take>
  void taken(const Take& take) {
    take();
  }
  template <class Write>
  void shown(const Write& /*write*/) {}

 private:
  struct Place {
    std::string_view key;
    std::optional<std::size_t> index;
  };

  static std::string quoted(std::string_view text) {
    constexpr std::size_t kShown = 40;
    return '"' + printable(text.substr(0, kShown)) + '"';
  }
  static std::string spelled(const Place& place) {
    const std::string index = place.index ? "[" + std::to_string(*place.index) + "]" : "";
    return std::string(place.key) + index;
  }
  void fail(std::string_view key, std::string_view why) {
    if (!error_.empty()) return;
    for (const Place& place : places_) error_ += spelled(place) + ".";
    error_.append(key).append(": ").append(why);
  }
  template <class T>
  bool get(std::string_view key, T& value, std::string_view why) {
    if (!error_.empty()) return false;
    dom::element found;
    if (at_[key].get(found) != simdjson::SUCCESS) return fail(key, "is missing"), false;
    if (found.get(value) != simdjson::SUCCESS) return fail(key, why), false;
    return true;
  }
  // Whether it is missing, and its default will do.
  [[nodiscard]] bool may_lack(std::string_view key) const {
    return !has(key) && !kNeededFields.contains(' ' + std::string(key) + ' ');
  }
  [[nodiscard]] bool is_null(std::string_view key) const {
    dom::element found;
    return at_[key].get(found) == simdjson::SUCCESS && found.is_null();
  }
  template <class Fields>
  void within(const Place& place, dom::object inner, const Fields& fields) {
    const dom::object outer = std::exchange(at_, inner);
    places_.push_back(place);
    fields();
    places_.pop_back();
    at_ = outer;
  }

  dom::object at_;
  std::string error_;
  std::vector<Place> places_;  // from the outermost in
};

template <class Document>  // Report, IndexReport
void read_head(RecordReader& both, Document& report) {
  both.record("peekr", [&] { both.text("version", report.version); });
  both.text("created", report.created);
  both.record("image", [&] { fields(both, report.image); });
}

void read_distro(RecordReader& both, Report& report) {
  both.record("distro", report.inventory.distro, [&](Distro& one) {
    fields(both, one);
    both.record("end_of_life", report.verdict.end_of_life, [&](EndOfLife& end) { fields(both, end); });
  });
}

void read_inventory(RecordReader& both, Report& report) {
  Inventory& inventory = report.inventory;
  if (both.has("drift")) {
    both.record("drift", [&] {
      both.list("packages", report.drift.emplace().packages, [&](Drift::Change& one) { fields(both, one); });
    });
  }
  both.record("completeness", [&] { fields(both, inventory.completeness); });
  both.list("packages", inventory.packages, [&](Package& package) {
    fields(both, package);
    std::vector<std::string> files;
    if (both.has("files")) both.texts("files", files, "path");
    package.files = files;
    if (package.purl.empty()) package.purl = purl(package, inventory.distro);
  });
  std::vector<std::pair<Stage, Note>> notes;
  both.list("notes", notes, [&](auto& one) {
    fields(both, one.second);
    both.word("stage", one.first, Stage::match);
  });
  for (auto& [stage, note] : notes)
    (stage == Stage::inventory ? inventory.notes : report.findings.notes).push_back(std::move(note));
}

// What only a report of findings has: whichever of them is there, an inventory it is not.
constexpr std::array kOfFindings = {"database",   "summary", "findings", "malware",
                                    "suppressed", "plan",    "verdict"};

Extent extent_of(const RecordReader& both) {
  const bool judged = std::ranges::any_of(kOfFindings, [&](const char* key) { return both.has(key); });
  return judged ? Extent::findings : Extent::packages;
}

Status read_findings(RecordReader& both, Report& report) {
  std::vector<Finding> malware;
  Findings& findings = report.findings;
  both.record("database", [&] { fields(both, report.db); });
  both.record("summary", [&] { both.number("judged", findings.judged); });
  both.list("findings", findings.list, [&](Finding& one) { fields(both, one); });
  both.list("malware", malware, [&](Finding& one) { fields(both, one); });
  both.list("suppressed", findings.suppressed, [&](Suppressed& one) { fields(both, one); });
  both.record("plan", report.plan, [&](Remediation& plan) { fields(both, plan); });
  both.record("verdict", [&] { fields(both, report.verdict); });
  if (!both.error().empty()) return {};
  TRY(check_findings(findings.list, "findings", report));
  TRY(check_findings(malware, "malware", report));
  std::ranges::move(malware, std::back_inserter(findings.list));
  std::ranges::stable_sort(findings.list, [&](const Finding& a, const Finding& b) {
    return finding_before(report.inventory.packages, a, b);  // whatever --sort it was written with
  });
  return {};
}

// What is wrong with one record is the reader's error(); this one is of the whole.
Status read_report(RecordReader& both, Extent extent, Report& report) {
  read_head(both, report);
  read_distro(both, report);
  read_inventory(both, report);
  if (extent == Extent::findings) TRY(read_findings(both, report));
  return both.error().empty() ? check_indices(report) : Status();
}

Status read_platforms(RecordReader& both, Saved& saved) {
  IndexReport& index = saved.index.emplace();
  read_head(both, index);
  Status whole;
  both.list("platforms", index.platforms, [&](PlatformReport& one) {
    fields(both, one);
    both.record("report", one.report, [&](Report& report) {
      const Status status = read_report(both, saved.extent, report);
      if (!status && whole) whole = fail(status.error().within("platforms: " + printable(one.platform)));
    });
    if (one.report.has_value() != (one.state == PlatformReport::State::scanned) && whole)
      whole = fail(Errc::damaged, "platforms: " + printable(one.platform) + ": is " +
                                      std::string(name(one.state)) + (one.report ? " and has" : " without") +
                                      " a report");
  });
  if (saved.extent == Extent::findings) both.record("verdict", [&] { fields(both, index.verdict); });
  return whole;
}

Status check_version(dom::object root) {
  std::uint64_t version = 0;
  if (root["schema_version"].get(version) != simdjson::SUCCESS)
    return fail(Errc::damaged, "schema_version: is missing: not what peekr -f json wrote");
  if (version == kReportSchema) return {};
  return fail(Errc::unsupported, "schema_version: is " + std::to_string(version) + ", and this peekr reads " +
                                     std::to_string(kReportSchema));
}

}  // namespace

Result<Saved> read_saved(std::string_view json) {
  simdjson::dom::parser parser;
  dom::element document;
  if (const auto error = parser.parse(simdjson::padded_string(json)).get(document);
      error != simdjson::SUCCESS)
    return fail(Errc::damaged, std::string("not JSON: ") + simdjson::error_message(error));
  dom::object root;
  if (document.get(root) != simdjson::SUCCESS)
    return fail(Errc::damaged, "is no record: not what peekr -f json wrote");
  TRY(check_version(root));
  RecordReader both(root);
  Saved saved;
  saved.extent = extent_of(both);
  const Status whole =
      both.has("platforms") ? read_platforms(both, saved) : read_report(both, saved.extent, saved.report);
  if (!both.error().empty()) return fail(Errc::damaged, both.error());
  TRY(whole);
  return saved;
}

}  // namespace peekr
