// SPDX-License-Identifier: Apache-2.0
#include "service/intake.h"

#include <algorithm>

#include "base/pool.h"
#include "base/timer.h"
#include "service/plan.h"
#include "service/spelling.h"

namespace peekr {
namespace {

constexpr std::size_t kNotes = 100;  // that are kept of a source
constexpr std::uint64_t kBatchBytes = std::uint64_t{8} << 20;

}  // namespace

Intake::Intake(const FetchTarget& target, DbWriter& writer) : target_(target), writer_(writer) {
  if (target.origin->delta == Delta::nvd) year_ = target.source.substr(target.source.rfind('/') + 1);
}

Status Intake::document(Document one) {
  bytes_ += one.bytes.size();
  pending_.push_back(std::move(one));
  return bytes_ < kBatchBytes ? Status{} : flush();
}

Status Intake::flush() {
  const Pool pool;
  const std::size_t tasks = std::min<std::size_t>(pending_.size(), pool.threads() * std::size_t{4});
  const std::vector<Published> all = pool.map(tasks, [&](std::size_t task) {
    Published out;
    for (std::size_t i = task; i < pending_.size(); i += tasks) parse(pending_[i], out);
    return out;
  });
  pending_.clear();
  bytes_ = 0;
  for (const Published& one : all) TRY(put(one));
  return {};
}

void Intake::missing(const std::string& url) {
  ++left_out;
  if (notes.size() < kNotes)
    notes.push_back({Path(document_name(url)), Why::no_data, "its publisher lists it and does not have it"});
}

void Intake::parse(const Document& one, Published& out) const {
  const Timer timer("feed", target_.feed->name);
  if (is_side_file(one.name) && one.name.find('!') != std::string::npos) return;
  const bool its = target_.feed->recognises(one.name, one.bytes);
  const Feed* feed = its ? target_.feed : feed_of(one.name, one.bytes);
  if (feed != nullptr) {
    const std::size_t first = out.advisories.size();
    feed->parse(one.name, one.bytes, out);
    return settle_purls(one, first, out);
  }
  out.notes.push_back({Path(one.name), Why::unsupported, "no feed knows this form"});
}

Status Intake::put(const Published& one) {
  const Timer timer("service/store");
  for (const Advisory& advisory : one.advisories) {
    if (!is_of_year(advisory.id)) continue;
    ids.insert(advisory.id);
    TRY(writer_.put(target_.source, advisory));
  }
  for (const Risk& risk : one.risks) {
    cves.insert(risk.cve);
    TRY(writer_.put(target_.source, risk));
  }
  for (const Note& note : one.notes) {
    if (!is_of_year(note.what)) continue;
    ++left_out;
    if (notes.size() < kNotes) notes.push_back(note);
  }
  return {};
}

// NVD says in one document what was modified of all years. The year of "NVD-CVE-2021-1234" is its source; the first one has
// those before it, too.
bool Intake::is_of_year(std::string_view id) const {
  constexpr std::string_view kBefore = "CVE-", kFirst = "2002";
  const std::size_t at = id.find(kBefore);
  if (year_.empty() || at == std::string_view::npos) return true;
  const std::string_view year = id.substr(at + kBefore.size(), kFirst.size());
  return year == year_ || (year_ == kFirst && year < kFirst);
}

}  // namespace peekr
