// SPDX-License-Identifier: Apache-2.0
#include "service/private.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "base/timer.h"
#include "feed/feed.h"
#include "service/documents.h"
#include "service/spelling.h"

namespace peekr {
namespace {

constexpr std::size_t kLongestName = 100;

Result<std::string> source_of(const std::string& file) {
  const std::string name = std::filesystem::path(file).filename();
  const std::string stem = name.substr(0, name.find('.'));
  if (stem.empty() || stem.size() > kLongestName || printable(stem) != stem)
    return fail(Errc::usage, "add " + printable(file) + ": its name does not make the name of a source");
  return std::string(kPrivateSource) + stem;
}

void parse(const Document& document, Published& out) {
  const Feed* feed = feed_of(document.name, document.bytes);
  if (feed == nullptr) {
    out.notes.push_back({Path(document.name), Why::unsupported, "no feed knows this form"});
  } else {
    const std::size_t first = out.advisories.size();
    feed->parse(document.name, document.bytes, out);
    settle_purls(document, first, out);
  }
}

// As packages are looked up by. What is written otherwise, and what none is, is returned.
std::vector<std::string> spell(std::vector<Advisory>& advisories) {
  std::vector<std::string> all;
  for (Advisory& one : advisories) {
    for (Affected& affected : one.affected) {
      std::string usual = looked_up_as(affected.ecosystem);
      if (usual == affected.ecosystem) continue;
      const std::string written = printable(affected.ecosystem);
      all.push_back(
          printable(one.id) + ": " +
          (usual.empty() ? "no package is judged by " + written : written + " is taken for " + usual));
      if (!usual.empty()) affected.ecosystem = std::move(usual);
    }
  }
  sort_unique(all);
  return all;
}

Status put(DbWriter& writer, const std::string& source, const Published& said) {
  std::vector<std::string> there, cves;
  for (const Risk& one : said.risks) {
    TRY(writer.put(source, one));
    cves.push_back(one.cve);
  }
  std::ranges::sort(cves);
  const auto gone = [&](std::string_view cve) {
    return !std::ranges::binary_search(cves, cve, std::less<>());
  };
  TRY(writer.remove_risks(source, gone));
  for (const Advisory& one : said.advisories) {
    TRY(writer.put(source, one));
    there.push_back(one.id);
  }
  std::ranges::sort(there);
  const std::vector<std::string> all = TRY(writer.ids(source));
  for (const std::string& id : all) {
    if (!std::ranges::binary_search(there, id)) TRY(writer.remove(source, id));
  }
  return {};
}

Result<std::vector<std::string>> shared(const DbWriter& writer, const std::string& source,
                                        const Published& said) {
  std::vector<std::string> all;
  for (const Advisory& one : said.advisories) {
    std::vector<std::string> others = TRY(writer.sources_of(one.id));
    std::erase(others, source);
    if (!others.empty()) all.push_back(one.id + ": " + join(others, ", "));
  }
  sort_unique(all);
  return all;
}

}  // namespace

Result<Added> add_private(const AddRequest& request, std::vector<Note>& notes) {
  const Timer timer("service/add_private");
  const std::string& file = request.file;
  const std::string source = TRY(source_of(file));
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error))
    return fail(Errc::not_found, "add " + printable(file) + ": no such file");
  Published said;
  const auto use = [&](const Document& document) {
    parse(document, said);
    return Status{};
  };
  TRY(each_document(file, std::filesystem::path(file).filename(), said.notes, use));
  notes.insert(notes.end(), said.notes.begin(), said.notes.end());
  if (said.advisories.empty() && said.risks.empty())
    return fail(Errc::not_found, "add " + printable(file) + ": no advisory in it");
  std::vector<std::string> spelling = spell(said.advisories);
  DbWriter writer =
      TRY(in_turn(request.turn, [&] { return DbWriter::open(request.directory, request.now); }));
  DbSource of = TRY(writer.source(source));
  of.feed = "private";
  of.fetched = request.now;
  of.left_out = said.notes.size();
  of.notes = std::move(said.notes);
  TRY(writer.set_source(of));
  TRY(put(writer, source, said));
  Added added{.shared = TRY(shared(writer, source, said)), .spelling = std::move(spelling)};
  added.changes = TRY(writer.commit());
  return added;
}

}  // namespace peekr
