// SPDX-License-Identifier: Apache-2.0
// Findings and the plan as JSON, for both directions: report/record.h.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "report/record.h"

namespace peekr {

// The greatest scores: docs/risk.md; of a plan the sum of those of its findings.
inline constexpr double kMostCvss = 10, kMostRisk = 100, kMostOfPlan = 1e12;

template <class Both>
void fields(Both& both, Proof& value) {
  auto& [advisory, publisher, ecosystem, key, by_source, scheme, installed, range, comparison, fixed_in,
         needs, caveat] = value;
  both.text("advisory", advisory);
  both.text("publisher", publisher);
  both.text("ecosystem", ecosystem);
  both.text("key", key);
  both.flag("by_source", by_source);
  both.text("scheme", scheme);
  both.text("installed", installed);
  both.text("range", range);
  both.text("comparison", comparison);
  both.text("fixed_in", fixed_in);
  both.text("needs", needs);
  both.text("caveat", caveat);
}

template <class Both>
void fields(Both& both, Dissent& value) {
  auto& [advisory, publisher, ecosystem, says] = value;
  both.text("advisory", advisory);
  both.text("publisher", publisher);
  both.text("ecosystem", ecosystem);
  both.text("says", says);
}

template <class Both>
void fields(Both& both, ExtendedFix& value) {
  auto& [advisory, ecosystem, version, needs] = value;
  both.text("advisory", advisory);
  both.text("ecosystem", ecosystem);
  both.text("version", version);
  both.text("needs", needs);
}

template <class Both>
void fields(Both& both, Grade& value) {
  auto& [source, advisory, severity, said, vector, score] = value;
  both.text("source", source);
  both.text("advisory", advisory);
  both.word("severity", severity, Severity::critical);
  both.text("word", said);
  both.text("vector", vector);
  both.score("score", score, kMostCvss);
}

template <class Both>
void fields(Both& both, RiskScore& value) {
  auto& [total, harm, likelihood, harm_by, likelihood_by] = value;
  both.score("score", total, kMostRisk);
  both.score("harm", harm, kMostCvss);
  both.text("harm_by", harm_by);
  both.score("likelihood", likelihood, 1);
  both.text("likelihood_by", likelihood_by);
}

template <class Both>
void fields(Both& both, Epss& value) {
  auto& [score, percentile] = value;
  both.score("score", score, 1);
  both.score("percentile", percentile, 1);
}

template <class Both>
void fields(Both& both, Kev& value) {
  auto& [added, due, action, ransomware] = value;
  both.text("added", added);
  both.text("due", due);
  both.flag("ransomware", ransomware);
  both.text("action", action);
}

template <class Both>
void fields(Both& both, Ssvc& value) {
  auto& [exploitation, automatable, total] = value;
  both.word("exploitation", exploitation, Exploitation::active);
  both.flag("automatable", automatable, "no", "yes");
  both.flag("technical_impact", total, "partial", "total");
}

// Of the sources of one kind of risk the one that counts: epss_of() and its like; no format shows another one. null: none has it.
template <class Both, class Kind>
void risk(Both& both, std::string_view key, std::vector<Risk>& risks, std::optional<Kind> Risk::* kind,
          const Risk* counts) {
  std::optional<Risk> one;
  if (counts != nullptr) one = *counts;
  both.record(key, one, [&](Risk& value) {
    auto& [cve, source, date, epss, kev, ssvc] = value;
    std::optional<Kind>& of_kind = value.*kind;
    if (!of_kind) of_kind.emplace();
    fields(both, *of_kind);
    both.text("cve", cve);
    both.text("date", date);
    both.text("source", source);
  });
  if (counts == nullptr && one) risks.push_back(*std::move(one));
}

template <class Both>
void risks(Both& both, std::vector<Risk>& all) {
  const std::vector<Risk> known = all;
  risk(both, "epss", all, &Risk::epss, epss_of(known));
  risk(both, "kev", all, &Risk::kev, kev_of(known));
  risk(both, "ssvc", all, &Risk::ssvc, ssvc_of(known));
}

// Whole days up to the report; null where it is not known from when.
void write_ages(JsonWriter& json, const Report& report, const Finding& finding);
// Where its package is from.
void write_place(JsonWriter& json, const Report& report, const Package& package);

template <class Both>
void fields(Both& both, Finding& value) {
  auto& [package, id, names, kind, severity, severity_source, cvss, grades, fixed_in, extended_fixes,
         standing, confidence, confidence_by, summary, published, fix_published, references, exploits,
         weaknesses, known, danger, proofs, dissents, decided_by] = value;
  both.text("id", id);
  both.texts("names", names, "id");
  both.word("kind", kind, Advisory::Kind::malware);
  both.word("severity", severity, Severity::critical);
  both.text("severity_source", severity_source);
  both.score("cvss", cvss, kMostCvss);
  both.word("standing", standing, Standing::under_investigation);
  both.word("confidence", confidence, Confidence::not_assessed);
  both.text("confidence_by", confidence_by);
  both.text("fixed_in", fixed_in);
  both.list("extended_fixes", extended_fixes, [&](ExtendedFix& fix) { fields(both, fix); });
  both.text("summary", summary);
  both.text("published", published);
  both.texts("references", references, "url");
  both.record("risk", [&] { fields(both, danger); });
  both.list("severities", grades, [&](Grade& grade) { fields(both, grade); });
  risks(both, known);
  both.texts("weaknesses", weaknesses, "id");
  both.texts("exploits", exploits, "url");
  both.text("fix_published", fix_published);
  both.shown([&](JsonWriter& json, const Report& report) { write_ages(json, report, value); });
  both.record("package", [&] {
    both.number("index", package);
    both.shown([&](JsonWriter& json, const Report& report) {
      write_identity(json, report.inventory.packages[package]);
    });
  });
  both.shown([&](JsonWriter& json, const Report& report) {
    write_place(json, report, report.inventory.packages[package]);
  });
  both.list("proofs", proofs, [&](Proof& proof) { fields(both, proof); });
  both.list("dissents", dissents, [&](Dissent& dissent) { fields(both, dissent); });
  both.text("decided_by", decided_by);
}

template <class Both>
void fields(Both& both, VexWords& value) {
  auto& [status, justification, impact] = value;
  both.text("status", status);
  both.text("justification", justification);
  both.text("impact", impact);
}

template <class Both>
void fields(Both& both, Suppressed& value) {
  auto& [rule, finding, reason, vex] = value;
  both.word("rule", rule, Suppressed::Rule::vex);
  both.text("reason", reason);
  if (both.has("vex")) both.record("vex", vex, [&](VexWords& words) { fields(both, words); });
  fields(both, finding);
}

template <class Both>
void fields(Both& both, Remediation::Step& value) {
  auto& [title, from, to, direct, through, packages, removes] = value;
  both.text("name", title);
  both.text("from", from);
  both.text("to", to);
  both.flag("direct", direct);
  both.text("through", through);
  both.list("packages", packages, [&](std::size_t& index) {
    both.number("index", index);
    both.shown([&](JsonWriter& json, const Report& report) {
      const Package& package = report.inventory.packages[index];
      json.text("name", package.name);
      json.text("version", package.version);
      json.text("purl", package.purl);
      json.text("path", package.path.str());
    });
  });
  both.texts("removes", removes, "id");
}

template <class Both>
void fields(Both& both, Remediation::Action& value) {
  auto& [type, where, command, words, missing, steps, removes, danger, base] = value;
  both.text("type", type);
  both.text("where", where);
  both.text("command", command);
  both.text("words", words);
  both.text("missing", missing);
  both.score("risk", danger, kMostOfPlan);
  both.number("in_base", base);
  struct Count {
    Severity severity{};
    std::size_t count = 0;
  };
  std::vector<Count> counts;  // the highest severity first
  for (std::size_t i = removes.size(); i-- > 0;) counts.push_back({static_cast<Severity>(i), removes[i]});
  both.list("removes", counts, [&](Count& one) {
    both.word("severity", one.severity, Severity::critical);
    both.number("count", one.count);
  });
  both.taken([&] {
    for (const Count& one : counts) removes[static_cast<std::size_t>(one.severity)] = one.count;
  });
  both.list("steps", steps, [&](Remediation::Step& step) { fields(both, step); });
}

template <class Both>
void fields(Both& both, Remediation& value) {
  auto& [actions, before, after, risk_before, risk_after, unfixable, staying, brings, base_image] = value;
  both.number("findings_before", before);
  both.number("findings_after", after);
  both.score("risk_before", risk_before, kMostOfPlan);
  both.score("risk_after", risk_after, kMostOfPlan);
  both.list("actions", actions, [&](Remediation::Action& action) { fields(both, action); });
  both.texts("unfixable", unfixable, "id");
  both.texts("staying", staying, "what");
  both.texts("brings", brings, "what");
  both.text("base_image", base_image);
}

}  // namespace peekr
