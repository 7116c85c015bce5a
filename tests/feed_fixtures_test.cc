// SPDX-License-Identifier: Apache-2.0
// tests/fixtures/feed/<row>/<case>/in/: each file is one document; all advisories and notes that come out are
// `want`. And the same documents cut short and damaged: parsers survive that.
#include <algorithm>
#include <random>

#include "base/text.h"
#include "feed/feed.h"
#include "fixture.h"

namespace peekr {
namespace {

// Folders are named as in feeds.def.
const Feed* row_of(const fixture::Case& one) {
  std::string name = one.row;
  std::ranges::replace(name, '_', '-');
  for (const Feed* feed : all_feeds()) {
    if (feed->name == name) return feed;
  }
  return nullptr;
}

void line(std::string& out, std::string_view indent, std::string_view key, const std::string& value) {
  if (!value.empty()) out += std::string(indent) + std::string(key) + ": " + printable(value) + "\n";
}

void lines(std::string& out, std::string_view indent, std::string_view key,
           const std::vector<std::string>& values) {
  std::string joined;
  for (const std::string& one : values) joined += (joined.empty() ? "" : " ") + one;
  line(out, indent, key, joined);
}

std::string text_of(const Range& range) {
  constexpr const char* kKinds[] = {"introduced", "fixed", "last_affected", "limit"};
  std::string out = range.type + (range.repository.empty() ? "" : " " + range.repository);
  for (const Event& event : range.events) {
    out += std::string(" ") + kKinds[static_cast<std::size_t>(event.kind)] + "=" + event.version;
  }
  return out;
}

void print(std::string& out, const Affected& one) {
  out += "  affected: " + one.ecosystem + " " + one.package + "\n";
  constexpr const char* kKeys[] = {"", "source", "binary"};
  line(out, "    ", "key", kKeys[static_cast<std::size_t>(one.key)]);
  for (const Range& range : one.ranges) line(out, "    ", "range", text_of(range));
  lines(out, "    ", "versions", one.versions);
  line(out, "    ", "standing", one.standing == Standing::affected ? "" : std::string(name(one.standing)));
  line(out, "    ", "reason", one.reason);
  line(out, "    ", "urgency", one.urgency);
  lines(out, "    ", "vectors", one.vectors);
  line(out, "    ", "module", one.module);
  lines(out, "    ", "arches", one.arches);
  lines(out, "    ", "systems", one.systems);
  for (const Code& code : one.code) lines(out, "    ", "code: " + code.path, code.symbols);
}

void print(std::string& out, const Advisory& one) {
  out += printable(one.id) + " (" + one.publisher + ")\n";
  line(out, "  ", "kind", one.kind == Advisory::Kind::vulnerability ? "" : std::string(name(one.kind)));
  lines(out, "  ", "aliases", one.aliases);
  lines(out, "  ", "upstream", one.upstream);
  lines(out, "  ", "related", one.related);
  line(out, "  ", "summary", one.summary);
  line(out, "  ", "details", one.details);
  line(out, "  ", "published", one.published);
  line(out, "  ", "modified", one.modified);
  line(out, "  ", "withdrawn", one.withdrawn);
  lines(out, "  ", "vectors", one.vectors);
  line(out, "  ", "severity", one.severity);
  line(out, "  ", "review", one.review);
  lines(out, "  ", "weaknesses", one.weaknesses);
  lines(out, "  ", "cpes", one.cpes);
  for (const Rating& rating : one.ratings)
    line(out, "  ", "rating", rating.source + " " + rating.vector + rating.word);
  for (const Reference& reference : one.references)
    line(out, "  ", "reference", reference.type + " " + reference.url);
  for (const Affected& affected : one.affected) print(out, affected);
}

void print(std::string& out, const Risk& one) {
  out += printable(one.cve) + " (" + one.source + ", " + printable(one.date) + ")\n";
  if (one.epss) {
    out += "  epss: " + std::to_string(one.epss->score) + " " + std::to_string(one.epss->percentile) + "\n";
  }
  if (one.kev) {
    out += "  kev: added " + printable(one.kev->added) + ", due " + printable(one.kev->due) +
           (one.kev->ransomware ? ", ransomware" : "") + "\n";
    line(out, "    ", "action", one.kev->action);
  }
  if (one.ssvc) {
    out += "  ssvc: exploitation " + std::string(name(one.ssvc->exploitation)) +
           (one.ssvc->automatable ? ", automatable" : ", not automatable") +
           (one.ssvc->total ? ", total\n" : ", partial\n");
  }
}

void run(const fixture::Case& one) {
  const Feed* feed = row_of(one);
  ASSERT_NE(feed, nullptr) << "no feed of that name";
  std::string out;
  const fixture::fs::path in = fixture::input(one);
  for (const std::string& file : fixture::files(in)) {
    const std::string bytes = fixture::slurp(in / file);
    Published all;
    feed->parse(file, bytes, all);
    out += "== " + file + (feed_of(file, bytes) == feed ? "" : " (not recognised)") + "\n";
    for (const Advisory& advisory : all.advisories) print(out, advisory);
    for (const Risk& risk : all.risks) print(out, risk);
    for (const Note& note : all.notes) {
      out += "note: " + note.path.str() + ": " + std::string(name(note.why)) + ": " + note.what + "\n";
    }
  }
  fixture::expect(one, out);
}

[[maybe_unused]] const bool registered = fixture::register_all("feed", run);

TEST(FeedFixtures, every_feed_has_a_typical_and_a_corrupt_case) {
  for (const Feed* feed : all_feeds()) {
    std::string row(feed->name);
    std::ranges::replace(row, '-', '_');
    for (const char* name : {"typical", "corrupt"}) {
      EXPECT_TRUE(fixture::fs::exists(fixture::root() / "feed" / row / name / "want")) << row << "/" << name;
    }
  }
}

TEST(FeedFixtures, damaged_documents_are_survived) {
  std::mt19937 random(1);
  std::size_t parsed = 0;
  for (const fixture::Case& one : fixture::cases("feed")) {
    const Feed* feed = row_of(one);
    ASSERT_NE(feed, nullptr);
    for (const std::string& file : fixture::files(one.folder / "in")) {
      const std::string bytes = fixture::slurp(one.folder / "in" / file);
      for (std::size_t round = 0; round < 200; ++round) {
        std::string damaged = bytes.substr(0, round < 100 ? bytes.size() * round / 100 : bytes.size());
        if (round >= 100 && !damaged.empty()) {
          damaged[random() % damaged.size()] ^= static_cast<char>(1u << (random() % 8));
        }
        Published all;
        feed->parse(file, damaged, all);
        for (const Advisory& advisory : all.advisories) EXPECT_FALSE(advisory.id.empty());
        for (const Risk& risk : all.risks) EXPECT_FALSE(risk.cve.empty() || risk.source.empty());
        // A document that says nothing says why.
        if (round < 100) {
          EXPECT_TRUE(!all.advisories.empty() || !all.risks.empty() || !all.notes.empty())
              << file << " cut at " << damaged.size();
        }
        ++parsed;
      }
    }
  }
  EXPECT_GT(parsed, 2000u);
}

}  // namespace
}  // namespace peekr
