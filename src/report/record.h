// SPDX-License-Identifier: Apache-2.0
// What a report has as JSON, described once for both directions: RecordWriter writes it (json.cc), RecordReader reads it back
// (saved.cc). fields() names every member of a type: one that is added and forgotten here does not compile. What is not wanted of
// `both` has no output format that shows it. record_finding.h has the findings.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/end_of_life.h"
#include "model/report.h"
#include "report/json_writer.h"

namespace peekr {

[[nodiscard]] constexpr std::string_view name(Drift::How how) {
  constexpr std::string_view kNames[] = {"added", "removed", "changed"};
  return kNames[static_cast<std::size_t>(how)];
}

// Where a note is from.
enum class Stage : std::uint8_t { inventory, match };
[[nodiscard]] constexpr std::string_view name(Stage stage) {
  return stage == Stage::inventory ? "inventory" : "match";
}

[[nodiscard]] constexpr std::string_view name(PlatformReport::State state) {
  constexpr std::string_view kNames[] = {"scanned", "failed", "listed"};
  return kNames[static_cast<std::size_t>(state)];
}

// Labels and annotations.
template <class Both>
void pairs(Both& both, std::string_view key, std::map<std::string, std::string>& all) {
  std::vector<std::pair<std::string, std::string>> list(all.begin(), all.end());
  both.list(key, list, [&](auto& one) {
    both.text("name", one.first);
    both.text("value", one.second);
  });
  both.taken([&] { all = {list.begin(), list.end()}; });
}

template <class Both>
void fields(Both& both, LayerInfo& value, std::size_t index) {
  auto& [digest, diff_id, media_type, size, created_by, partial, whole_because] = value;
  both.shown([&](JsonWriter& json, const Report&) { json.number("index", index); });
  both.text("digest", digest);
  both.text("diff_id", diff_id);
  both.text("created_by", created_by);
  both.shown(
      [&](JsonWriter& json, const Report& report) { json.flag("base", is_of_base(report.image, index)); });
}

template <class Both>
void fields(Both& both, BaseImage& value) {
  auto& [title, digest, layers, by] = value;
  both.text("name", title);
  both.text("digest", digest);
  both.number("layers", layers);
  both.text("by", by);
}

template <class Both>
void fields(Both& both, ImageInfo& value) {
  auto& [title, kind, platform, tag, digest, id, labels, annotations, layers, base, fetched, vex, entry] =
      value;
  (void)vex;    // what it has taken out stands with the findings
  (void)entry;  // what the plan makes of it stands there
  both.text("name", title);
  both.text("kind", kind);
  both.text("platform", platform);
  both.text("tag", tag);
  both.text("digest", digest);
  both.text("id", id);
  pairs(both, "labels", labels);
  pairs(both, "annotations", annotations);
  both.record("base", [&] { fields(both, base); });
  both.number("fetched", fetched);
  both.shown([&](JsonWriter& json, const Report&) { json.number("bytes", stored_bytes(value)); });
  std::size_t index = 0;
  both.list("layers", layers, [&](LayerInfo& layer) {
    fields(both, layer, index++);
    both.text("media_type", layer.media_type);
    both.number("size", layer.size);
    both.flag("partial", layer.partial);
    both.text("whole_because", layer.whole_because);
  });
}

template <class Both>
void fields(Both& both, EndOfLife& value) {
  auto& [date, extended, past] = value;
  both.text("date", date);
  both.text("extended", extended);
  both.flag("past", past);
}

template <class Both>
void fields(Both& both, Distro& value) {
  auto& [id, id_like, version_id, codename, variant_id, title, path] = value;
  both.text("id", id);
  both.texts("id_like", id_like, "id");
  both.text("version_id", version_id);
  both.text("codename", codename);
  both.text("variant_id", variant_id);
  both.text("name", title);
  both.text("path", path);
}

template <class Both>
void fields(Both& both, Drift::Change& value) {
  auto& [type, title, arch, before, after, how] = value;
  both.word("change", how, Drift::How::changed);
  both.text("type", type);
  both.text("name", title);
  both.text("arch", arch);
  both.text("before", before);
  both.text("after", after);
}

template <class Both>
void fields(Both& both, Note& value) {
  auto& [path, why, what] = value;
  both.text("path", path);
  both.word("why", why, Why::unreadable);
  both.text("what", what);
  both.shown([&](JsonWriter& json, const Report&) { json.flag("incomplete", incomplete(why)); });
}

template <class Both>
void fields(Both& both, Completeness& value) {
  auto& [executables, owned, identified, unidentified, lost] = value;
  both.number("executables", executables);
  both.number("owned", owned);
  both.number("identified", identified);
  both.shown([&](JsonWriter& json, const Report&) { json.number("unidentified", unidentified.size()); });
  both.list("unidentified_files", unidentified, [&](Unidentified& one) {
    auto& [path, layer, size, sha256, listed_by] = one;
    Digest digest{sha256.empty() ? "" : "sha256", sha256};
    both.text("path", path);
    both.number("size", size);
    both.text("digest", digest);
    both.number("layer_index", layer);
    both.text("listed_by", listed_by);
    both.taken([&] { sha256 = digest.hex; });
  });
  both.list("lost_databases", lost, [&](LostDatabase& one) {
    auto& [how, path, layer, packages] = one;
    both.text("path", path);
    both.word("how", how, LostDatabase::How::unread);
    both.number("layer_index", layer);
    both.number("packages", packages);
  });
}

// What tells it from others.
template <class Both>
void identity(Both& both, Package& value) {
  both.text("type", value.type);
  both.text("name", value.name);
  both.text("version", value.version);
  both.number("epoch", value.epoch);
  both.text("arch", value.arch);
  both.text("source", value.source);
  both.text("source_version", value.source_version);
  both.text("purl", value.purl);
  both.flag("declared", value.declared);
  both.flag("claimed", value.claimed);
}

void write_identity(JsonWriter& json, const Package& package);
// The layer that brought it.
void write_origin(JsonWriter& json, const Report& report, const Package& package);

// Another package of the inventory, by its place there.
template <class Both>
void other(Both& both, std::string_view key, std::optional<std::size_t>& index) {
  both.record(key, index, [&](std::size_t& at) {
    both.number("index", at);
    both.shown(
        [&](JsonWriter& json, const Report& report) { write_identity(json, report.inventory.packages[at]); });
  });
}

template <class Both>
void fields(Both& both, Package& value) {
  auto& [type, title, version, epoch, arch, source, source_version, licenses, maintainer, vendor, modularity,
         repository, lock, files, checksums, path, layer, purl, cpes, remnant, by_content, at_least, declared,
         claimed, owner, needs, provides, essential, comes_with, asked, pin, altered] = value;
  // What the plan makes of them stands there.
  (void)needs, (void)provides, (void)essential, (void)comes_with, (void)asked, (void)pin;
  identity(both, value);
  both.text("path", path);
  other(both, "installed_by", owner);
  other(both, "altered_file_of", altered);
  both.flag("remnant", remnant);
  both.flag("by_content", by_content);
  both.number("layer_index", layer);
  both.shown([&](JsonWriter& json, const Report& report) { write_origin(json, report, value); });
  both.texts("licenses", licenses, "name");
  both.text("maintainer", maintainer);
  both.text("vendor", vendor);
  both.text("modularity", modularity);
  both.texts("cpes", cpes, "name");
}

template <class Both>
void fields(Both& both, DbSource& value) {
  auto& [title, feed, records, newest, fetched, held, notes, left_out, state] = value;
  both.text("name", title);
  both.text("feed", feed);
  both.number("records", records);
  both.text("newest", newest);
  both.text("fetched", fetched);
  both.text("held", held);
  both.number("left_out", left_out);
  both.list("notes", notes, [&](Note& note) { fields(both, note); });
}

template <class Both>
void fields(Both& both, DbInfo& value) {
  auto& [path, built, history, as_of, advisories, withdrawn, packages, risks, bytes, sources] = value;
  both.text("path", path);
  both.text("built", built);
  both.text("history", history);
  both.text("as_of", as_of);
  both.number("advisories", advisories);
  both.number("withdrawn", withdrawn);
  both.number("packages", packages);
  both.number("risks", risks);
  both.number("bytes", bytes);
  both.list("sources", sources, [&](DbSource& source) { fields(both, source); });
}

template <class Both>
void fields(Both& both, Verdict& value) {
  auto& [exit_code, reasons, remarks, end_of_life] = value;  // the last stands with the distribution
  both.number("exit_code", exit_code);
  both.texts("reasons", reasons, "what");
  both.texts("remarks", remarks, "what");
}

template <class Both>
void fields(Both& both, PlatformReport& value) {
  auto& [platform, os_version, digest, state, why, report] = value;  // the last is a document of its own
  both.text("platform", platform);
  both.text("os_version", os_version);
  both.text("digest", digest);
  both.word("state", state, PlatformReport::State::listed);
  both.text("why", why);
}

}  // namespace peekr
