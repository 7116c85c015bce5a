// SPDX-License-Identifier: Apache-2.0
// Debian's list of vulnerabilities: data/CVE/list of the security tracker's repository, from which the tracker is made:
//   CVE-2023-4911 (A buffer overflow was discovered ..)
//   	{DSA-5514-1}
//   	- glibc 2.37-12
//   	[buster] - glibc <not-affected> (Vulnerable code introduced later)
//   	NOTE: ..
//   CVE-2021-XXXX [no id yet]
//   	- foo <unfixed> (bug #999999; low)
// Other lines: RESERVED, REJECTED, NOT-FOR-US: (no package of Debian's), TODO:. A line without a release is unstable's, and
// what holds for every release that has no line of its own: an older version than unstable's fix is vulnerable, and no fix
// for that release is known. Which releases there are is not in the document: those that it names for CVEs of its newest year.
// Ids are those of this list ("DEBIAN-LIST-CVE-2023-4911"): the tracker's JSON, where it is there, too, says more of the
// releases it has, and both are kept.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "feed/debian.h"
#include "feed/feed.h"
#include "feed/range.h"
#include "lib/digest.h"

namespace peekr {
namespace {

using debian::Line;

bool is_head(std::string_view line) { return line.starts_with("CVE-"); }

// "2023" of "CVE-2023-4911 (..)"
std::string_view year_of(std::string_view head) { return head.substr(4, 4); }

std::string quoted(std::string_view text) { return '"' + printable(text.substr(0, 80)) + '"'; }

// The releases that the document speaks of in its newest year.
std::set<std::string_view> live_releases(std::string_view bytes) {
  std::set<std::string_view> releases;
  std::string_view newest, year;
  while (!bytes.empty()) {
    const std::string_view text = next_line(bytes);
    if (is_head(text)) {
      year = year_of(text);
      if (year > newest) releases.clear();
      newest = std::max(newest, year);
    } else if (year == newest && trim(text).starts_with('[')) {
      const std::optional<Line> line = debian::line_of(text);
      if (line && line->release != "experimental") releases.insert(line->release);
    }
  }
  return releases;
}

// What holds for a release without a line of its own, of unstable's.
std::optional<Affected> implied(const Line& unstable, std::string_view ecosystem) {
  std::optional<Affected> one = debian::affected_of(unstable, ecosystem);
  if (!one) return one;
  if (!unstable.fixed.empty()) {
    one->ranges = {below("")};
    one->ranges[0].events.push_back({Event::Kind::limit, std::string(unstable.fixed)});
    one->reason = "as unstable, fixed there in " + std::string(unstable.fixed);
  } else if (unstable.word == "removed") {
    one->standing = Standing::affected;
  }
  return one;
}

class Reader {
 public:
  Reader(std::string_view document, std::string_view bytes, Published& out)
      : document_(document), live_(live_releases(bytes)), out_(out) {}

  void line(std::string_view text) {
    if (is_head(text)) {
      finish();
      return head(text);
    }
    text = trim(text);
    if (text.empty()) return;
    if (one_.id.empty()) {
      if (!std::exchange(stray_, true)) note("a line before the first vulnerability: " + quoted(text));
    } else if (text.starts_with('{')) {
      for (const std::string_view name : split(text.substr(1, text.find('}') - 1), ' ')) {
        if (!name.empty()) one_.related.emplace_back(name);
      }
    } else if (text.starts_with("NOTE:") || text.starts_with("TODO:")) {
      one_.details += (one_.details.empty() ? "" : "\n") + std::string(trim(text.substr(5)));
    } else if (text.starts_with('-') || text.starts_with('[')) {
      package(text);
    } else if (text == "REJECTED") {
      rejected_ = true;
    } else if (text != "RESERVED" && !text.starts_with("NOT-FOR-US:")) {
      note("not understood: " + quoted(text));
    }
  }

  // An entry without packages says that Debian has nothing to do with it; a rejected one, that it is none.
  void finish() {
    if (!one_.id.empty() && !lines_.empty() && !rejected_) {
      any_ = true;
      for (const Line& line : lines_) add(line);
      out_.advisories.push_back(std::move(one_));
    }
    one_ = Advisory();
    lines_.clear();
    rejected_ = false;
  }
  void end() {
    if (!any_) note("no vulnerability of a package in it");
  }

 private:
  void note(const std::string& what) {
    out_.notes.push_back({Path(document_), Why::damaged, (one_.id.empty() ? "" : one_.id + ": ") + what});
  }

  void head(std::string_view text) {
    const auto [id, rest] = cut(text, ' ');
    one_ = {.id = "DEBIAN-LIST-" + printable(id), .publisher = "Debian"};
    std::string_view words = trim(rest);
    if (words.starts_with('(') || words.starts_with('[')) words.remove_prefix(1);
    if (words.ends_with(')') || words.ends_with(']')) words.remove_suffix(1);
    one_.summary = words;
    if (id.ends_with("-XXXX")) {
      one_.id += "-" + hex_digest("sha256", words).substr(0, 8);  // several have no number yet
    } else {
      one_.upstream = {std::string(id)};
      one_.references = {{"ADVISORY", "https://security-tracker.debian.org/tracker/" + std::string(id)}};
    }
  }

  void package(std::string_view text) {
    const std::optional<Line> line = debian::line_of(text);
    if (!line) return note("not understood: " + quoted(text));
    debian::add_bugs(line->notes, one_);
    if (line->word != "itp") lines_.push_back(*line);  // wanted in Debian, not there yet: nothing to judge
  }

  void add(const Line& line) {
    const std::string_view release = line.release.empty() ? "sid" : line.release;
    const std::string ecosystem = debian::ecosystem(release);
    if (ecosystem.empty()) return note("a release that is not known: " + quoted(release));
    std::optional<Affected> affected = debian::affected_of(line, ecosystem);
    if (!affected) return note("an unknown word: " + quoted(line.word));
    one_.affected.push_back(*std::move(affected));
    if (!line.release.empty()) return;
    for (const std::string_view live : live_) {
      const bool own = std::ranges::any_of(
          lines_, [&](const Line& other) { return other.release == live && other.package == line.package; });
      const std::string lives_in = debian::ecosystem(live);
      if (own || lives_in.empty() || live == "sid") continue;
      if (std::optional<Affected> as_unstable = implied(line, lives_in))
        one_.affected.push_back(*std::move(as_unstable));
    }
  }

  std::string_view document_;
  std::set<std::string_view> live_;
  Published& out_;
  Advisory one_;
  std::vector<Line> lines_;
  bool rejected_ = false, stray_ = false, any_ = false;
};

void parse_cves(std::string_view name, std::string_view bytes, Published& out) {
  Reader reader(name, bytes, out);
  while (!bytes.empty()) reader.line(next_line(bytes));
  reader.finish();
  reader.end();
}

bool recognises_cves(std::string_view /*name*/, std::string_view bytes) {
  const std::string_view first = next_line(bytes);
  const auto [id, rest] = cut(first, ' ');
  const bool number =
      id.size() > 9 && id.starts_with("CVE-") && id[8] == '-' && to_number(year_of(id)).has_value();
  const bool alone = rest.empty() && !bytes.empty() && is_space(bytes.front());
  return number && (alone || rest.starts_with('(') || rest.starts_with('['));
}

// For images the tracker's JSON is enough.
constexpr Origin kOrigins[] = {
    {.name = "debian-cves",
     .url = "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/CVE/list",
     .speaks_of = "Debian"},
};

}  // namespace

namespace feeds {
extern const Feed debian_cves;
constexpr Feed debian_cves = {
    .name = "debian-cves",
    .about = "Debian's list of vulnerabilities, data/CVE/list of its tracker",
    .origins = kOrigins,
    .recognises = recognises_cves,
    .parse = parse_cves,
};
}  // namespace feeds

}  // namespace peekr
