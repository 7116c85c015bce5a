// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "report/compare.h"
#include "report/finding_groups.h"
#include "report/json_writer.h"
#include "report/record.h"
#include "report/record_writer.h"

namespace peekr {
namespace {

using Change = Comparison::Change;
using State = Comparison::State;

void write_report(JsonWriter& json, std::string_view key, const Report& report) {
  json.record(key, [&] {
    json.text("name", report.image.name);
    json.text("kind", report.image.kind);
    json.text("digest", report.image.digest.str());
    json.text("id", report.image.id.str());
    json.text("created", report.created);
    json.text("database_built", report.db.built);
    json.number("packages", report.inventory.packages.size());
    json.number("findings", vulnerabilities(report));
    json.text("assessment", name(assessment(report)));
    RecordWriter both(json, report);
    both.list("notes", all_notes(report), [&](Note& note) { fields(both, note); });
  });
}

void write_state(JsonWriter& json, std::string_view key, const State& state) {
  json.record(key, [&] {
    json.texts("versions", state.versions, "version");
    json.flag("reported", state.finding != nullptr && state.suppressed == nullptr);
    json.text("rule", state.suppressed == nullptr ? "" : name(state.suppressed->rule));
    json.text("severity", state.finding == nullptr ? "" : name(state.finding->severity));
    json.text("fixed_in", state.finding == nullptr ? "" : state.finding->fixed_in);
    json.text("standing", state.finding == nullptr ? "" : name(state.finding->standing));
  });
}

void write_change(JsonWriter& json, const Change& one) {
  const Finding& finding = *(one.after.finding == nullptr ? one.before : one.after).finding;
  json.text("change", name(one.how));
  json.text("cause", name(one.cause));
  json.text("why", one.why);
  json.text("id", one.id);
  json.texts("names", finding.names, "id");
  json.text("kind", name(finding.kind));
  json.text("type", one.type);
  json.text("package", one.package);
  write_state(json, "before", one.before);
  write_state(json, "after", one.after);
}

void write_sums(JsonWriter& json, const Comparison& all) {
  constexpr std::array kHow = {Comparison::How::came, Comparison::How::changed, Comparison::How::went};
  constexpr std::array kCauses = {Comparison::Cause::image, Comparison::Cause::advisories,
                                  Comparison::Cause::rules};
  json.record("summary", [&] {
    json.list("rows", kHow, [&](Comparison::How how) {
      json.text("change", name(how));
      for (const Comparison::Cause cause : kCauses) {
        const auto is = [&](const Change& one) { return one.how == how && one.cause == cause; };
        json.number(name(cause), static_cast<std::uint64_t>(std::ranges::count_if(all.changes, is)));
      }
    });
    json.number("stayed", all.stayed);
  });
}

}  // namespace

std::string compare_json(const Compared& all) {
  std::string out;
  JsonWriter json(out);
  RecordWriter both(json, all.after);
  json.document([&] {
    write_head(json, 1, all.version, all.created);
    write_report(json, "before", all.before);
    write_report(json, "after", all.after);
    json.flag("judged", all.comparison.judged);
    write_sums(json, all.comparison);
    both.list("packages", all.comparison.drift.packages, [&](Drift::Change& one) { fields(both, one); });
    json.list("findings", all.comparison.changes, [&](const Change& one) { write_change(json, one); });
    both.record("verdict", [&] { fields(both, to_write(all.verdict)); });
  });
  return out;
}

}  // namespace peekr
