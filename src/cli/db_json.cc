// SPDX-License-Identifier: Apache-2.0
#include "cli/db_json.h"

namespace peekr {
namespace {

std::string_view name(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::introduced: return "introduced";
    case Event::Kind::fixed: return "fixed";
    case Event::Kind::last_affected: return "last_affected";
    case Event::Kind::limit: break;
  }
  return "limit";
}

std::string_view name(KeyKind key) {
  switch (key) {
    case KeyKind::source: return "source";
    case KeyKind::binary: return "binary";
    case KeyKind::by_ecosystem: break;
  }
  return "by_ecosystem";
}

void write_range(JsonWriter& json, const Range& range) {
  json.text("type", range.type);
  json.text("repository", range.repository);
  json.list("events", range.events, [&](const Event& event) {
    json.text("kind", name(event.kind));
    json.text("version", event.version);
  });
}

}  // namespace

void write_affected(JsonWriter& json, const Affected& affected) {
  json.text("ecosystem", affected.ecosystem);
  json.text("package", affected.package);
  json.text("key", name(affected.key));
  json.list("ranges", affected.ranges, [&](const Range& range) { write_range(json, range); });
  json.texts("versions", affected.versions, "version");
  json.text("standing", peekr::name(affected.standing));
  json.text("reason", affected.reason);
  json.text("urgency", affected.urgency);
  json.texts("vectors", affected.vectors, "vector");
  json.text("module", affected.module);
  json.texts("arches", affected.arches, "name");
  json.texts("systems", affected.systems, "name");
  json.list("code", affected.code, [&](const Code& code) {
    json.text("path", code.path);
    json.texts("symbols", code.symbols, "name");
  });
}

void write_advisory(JsonWriter& json, const Advisory& one) {
  json.text("id", one.id);
  json.text("publisher", one.publisher);
  json.text("kind", peekr::name(one.kind));
  json.texts("aliases", one.aliases, "id");
  json.texts("upstream", one.upstream, "id");
  json.texts("related", one.related, "id");
  json.text("summary", one.summary);
  json.text("details", one.details);
  json.text("published", one.published);
  json.text("modified", one.modified);
  json.text("withdrawn", one.withdrawn);
  json.texts("vectors", one.vectors, "vector");
  json.text("severity", one.severity);
  json.text("review", one.review);
  json.texts("weaknesses", one.weaknesses, "id");
  json.texts("cpes", one.cpes, "cpe");
  json.list("ratings", one.ratings, [&](const Rating& rating) {
    json.text("source", rating.source);
    json.text("vector", rating.vector);
    json.text("word", rating.word);
  });
  json.list("references", one.references, [&](const Reference& reference) {
    json.text("type", reference.type);
    json.text("url", reference.url);
  });
  json.list("affected", one.affected, [&](const Affected& affected) { write_affected(json, affected); });
}

void write_judged(JsonWriter& json, const Finding& finding) {
  json.text("id", finding.id);
  json.texts("names", finding.names, "id");
  json.text("severity", peekr::name(finding.severity));
  json.text("standing", peekr::name(finding.standing));
  json.text("fixed_in", finding.fixed_in);
  json.text("confidence", peekr::name(finding.confidence));
  json.list("advisories", finding.proofs, [&](const Proof& proof) { json.text("id", proof.advisory); });
}

}  // namespace peekr
