// SPDX-License-Identifier: Apache-2.0
// Debian's advisories: the lists data/{DSA,DLA,DTSA}/list of the security tracker's repository
// (salsa.debian.org/security-tracker-team/security-tracker), newest first:
//   [29 Mar 2023] DSA-5380-1 xorg-server - security update
//   	{CVE-2023-1393}
//   	[bullseye] - xorg-server 2:1.20.11-1+deb11u6
//   	NOTE: ..
// A later one of a series (DSA-5356-2, a regression) may name no CVE: match/ gives it those of the first.
#include <algorithm>

#include "base/text.h"
#include "feed/debian.h"
#include "feed/feed.h"

namespace peekr {
namespace {

constexpr std::string_view kTracker = "https://security-tracker.debian.org/tracker/";

bool is_id(std::string_view id) {
  const bool series = id.starts_with("DSA-") || id.starts_with("DLA-") || id.starts_with("DTSA-");
  return series && is_digit(id.back());
}

class Reader {
 public:
  Reader(std::string_view document, Published& out) : document_(document), out_(out) {}

  void line(std::string_view text) {
    if (text.starts_with('[')) return head(text);
    text = trim(text);
    if (text.empty() || skipping_) return;
    if (one_ == nullptr) return note("a line before the first advisory");
    if (text.starts_with('{')) return names(text);
    if (text.starts_with("NOTE:")) {
      one_->details += (one_->details.empty() ? "" : "\n") + std::string(trim(text.substr(5)));
      return;
    }
    package(text);
  }

  [[nodiscard]] bool empty() const { return one_ == nullptr && !skipping_; }
  void note(const std::string& what) {
    out_.notes.push_back({Path(document_), Why::damaged, (one_ == nullptr ? "" : one_->id + ": ") + what});
  }

 private:
  // "[29 Mar 2023] DSA-5380-1 xorg-server - security update"
  void head(std::string_view text) {
    const std::size_t close = text.find(']');
    const auto [id, summary] =
        cut(close == std::string_view::npos ? std::string_view() : trim(text.substr(close + 1)), ' ');
    skipping_ = id.empty() || !is_id(id);
    if (skipping_) {
      one_ = nullptr;
      return note("not an advisory's first line, left out with what follows: " + quoted(text));
    }
    Advisory one{.id = std::string(id), .publisher = "Debian", .summary = std::string(trim(summary))};
    one.published = one.modified = debian::date_of(text.substr(1, close - 1));
    one.references = {{"ADVISORY", std::string(kTracker) + one.id}};
    const bool dated = !one.published.empty();
    out_.advisories.push_back(std::move(one));
    one_ = &out_.advisories.back();
    if (!dated) note("not a date: " + quoted(text.substr(1, close - 1)));
  }

  // "{CVE-2005-2626 CVE-2005-2627 }": OSV.dev names the tracker's record of each beside it.
  void names(std::string_view text) {
    text = text.substr(1, text.find('}') - 1);
    for (const std::string_view name : split(text, ' ')) {
      if (name.empty()) continue;
      if (name.starts_with("CVE-")) one_->upstream.push_back("DEBIAN-" + std::string(name));
      one_->upstream.emplace_back(name);
    }
  }

  void package(std::string_view text) {
    const std::optional<debian::Line> line = debian::line_of(text);
    if (!line) return note("not understood: " + quoted(text));
    const std::string ecosystem = debian::ecosystem(line->release.empty() ? "sid" : line->release);
    if (ecosystem.empty()) return note("a release that is not known: " + quoted(line->release));
    std::optional<Affected> affected = debian::affected_of(*line, ecosystem);
    if (!affected) return note("an unknown word: " + quoted(line->word));
    debian::add_bugs(line->notes, *one_);
    one_->affected.push_back(*std::move(affected));
  }

  static std::string quoted(std::string_view text) { return '"' + printable(text.substr(0, 80)) + '"'; }

  std::string_view document_;
  Published& out_;
  Advisory* one_ = nullptr;  // the last of out_
  bool skipping_ = false;    // what follows a first line that is none
};

void parse_advisories(std::string_view name, std::string_view bytes, Published& out) {
  Reader reader(name, out);
  while (!bytes.empty()) reader.line(next_line(bytes));
  if (reader.empty()) reader.note("no advisory in it");
}

bool recognises_advisories(std::string_view /*name*/, std::string_view bytes) {
  const std::string_view first = next_line(bytes);
  const std::size_t close = first.find("] D");
  return first.starts_with('[') && close != std::string_view::npos &&
         is_id(cut(first.substr(close + 2), ' ').first);
}

constexpr Origin kOrigins[] = {
    {.name = "debian-advisories",
     .url = "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/"
            "{DSA,DLA,DTSA}/list",
     .ecosystems = "Debian"},
};

}  // namespace

namespace feeds {
extern const Feed debian_advisories;
constexpr Feed debian_advisories = {
    .name = "debian-advisories",
    .about = "Debian's advisories, the lists of DSA, DLA and DTSA",
    .origins = kOrigins,
    .recognises = recognises_advisories,
    .parse = parse_advisories,
};
}  // namespace feeds

}  // namespace peekr
