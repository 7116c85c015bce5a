// SPDX-License-Identifier: Apache-2.0
#include "report/finding_groups.h"
#include "report/json_writer.h"
#include "report/plan.h"
#include "report/record_finding.h"
#include "report/record_writer.h"

namespace peekr {

std::string plan_json(const Report& report, const Remediation& plan) {
  std::string out;
  JsonWriter json(out);
  RecordWriter both(json, report);
  json.document([&] {
    write_head(json, 1, report.version, report.created);
    json.record("image", [&] {
      json.text("name", report.image.name);
      json.text("digest", report.image.digest.str());
    });
    fields(both, to_write(plan));
    both.list("notes", all_notes(report), [&](Note& note) { fields(both, note); });
  });
  return out;
}

}  // namespace peekr
