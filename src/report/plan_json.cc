// SPDX-License-Identifier: Apache-2.0
#include "report/finding_groups.h"
#include "report/json_writer.h"
#include "report/plan.h"

namespace peekr {
namespace {

void write_step(JsonWriter& json, const Remediation::Step& step, const Report& report) {
  json.text("name", step.name);
  json.text("from", step.from);
  json.text("to", step.to);
  json.text("through", step.through);
  json.list("packages", step.packages, [&](std::size_t index) {
    const Package& package = report.inventory.packages[index];
    json.text("name", package.name);
    json.text("version", package.version);
    json.text("purl", package.purl);
    json.text("path", package.path.str());
  });
  json.texts("removes", step.removes, "id");
}

void write_action(JsonWriter& json, const Remediation::Action& action, const Report& report) {
  json.text("type", action.type);
  json.text("where", action.where);
  json.text("command", action.command);
  json.text("words", action.words);
  json.decimal("risk", action.risk);
  json.number("in_base", action.base);
  std::size_t severity = action.removes.size();
  json.list("removes", action.removes, [&](std::size_t) {
    --severity;
    json.text("severity", name(static_cast<Severity>(severity)));
    json.number("count", action.removes[severity]);
  });
  json.list("steps", action.steps, [&](const Remediation::Step& step) { write_step(json, step, report); });
}

}  // namespace

std::string plan_json(const Report& report, const Remediation& plan) {
  std::string out;
  JsonWriter json(out);
  json.document([&] {
    json.number("schema_version", 1);
    json.record("peekr", [&] { json.text("version", report.version); });
    json.text("created", report.created);
    json.record("image", [&] {
      json.text("name", report.image.name);
      json.text("digest", report.image.digest.str());
    });
    json.number("findings_before", plan.before);
    json.number("findings_after", plan.after);
    json.decimal("risk_before", plan.risk_before);
    json.decimal("risk_after", plan.risk_after);
    json.list("actions", plan.actions,
              [&](const Remediation::Action& action) { write_action(json, action, report); });
    json.texts("unfixable", plan.unfixable, "id");
    json.texts("staying", plan.staying, "what");
    json.texts("brings", plan.brings, "what");
    json.list("notes", all_notes(report), [&](const Note& note) {
      json.text("path", note.path.str());
      json.text("why", name(note.why));
      json.text("what", note.what);
      json.flag("incomplete", incomplete(note.why));
    });
  });
  return out;
}

}  // namespace peekr
