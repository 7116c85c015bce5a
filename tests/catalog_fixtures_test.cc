// SPDX-License-Identifier: Apache-2.0
// tests/fixtures/catalog/<row>/<case>: every file of `in/` that the row wants is run through it, with the
// files that it reads as neighbours, and all that comes out is compared with `want`. The same inputs, cut
// short and with flipped bits, are what every row must survive.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/pattern.h"
#include "catalog/rows.h"
#include "fixture.h"

namespace peekr {
namespace {

struct Input {
  std::string path, bytes;
};

bool any_matches(std::span<const Pattern> patterns, std::string_view path) {
  return std::ranges::any_of(patterns, [path](Pattern pattern) { return matches(pattern, path); });
}

bool wants(const Cataloger& row, const Input& input) {
  return any_matches(row.wants, input.path) ||
         std::ranges::any_of(row.magics, [&](const Magic& magic) { return matches(magic, input.bytes); });
}

const Cataloger* row_named(std::string_view name) {
  for (const Cataloger* row : all_catalogers()) {
    if (row->name == name) return row;
  }
  return nullptr;
}

// Bytes as they are, but for those that would make a text file odd: "\xE9".
std::string escaped(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F && c != '\\') {
      out += c;
    } else {
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15u]};
    }
  }
  return out;
}

class Printer {
 public:
  void field(std::string_view name, std::string_view value) {
    if (!value.empty()) text_ += "  " + std::string(name) + ": " + escaped(value) + "\n";
  }
  template <class Texts>
  void fields(std::string_view name, const Texts& values) {
    for (const std::string_view value : values) field(name, value.empty() ? "(empty)" : value);
  }
  void head(std::string_view kind, std::string_view text) {
    text_ += std::string(kind) + " " + escaped(text) + "\n";
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void print(const Distro& distro, Printer& out) {
  out.head("distro", distro.id);
  out.fields("id_like", distro.id_like);
  out.field("version_id", distro.version_id);
  out.field("codename", distro.codename);
  out.field("variant_id", distro.variant_id);
  out.field("name", distro.name);
  out.field("path", distro.path.str());
}

// Sorted by digest: the keys of their files are no text.
std::vector<std::string> text_of(const std::vector<FileChecksum>& checksums) {
  constexpr std::array kKinds = {"md5", "sha1", "sha256"};
  std::vector<std::string> all;
  for (const FileChecksum& one : checksums) {
    all.push_back(kKinds[static_cast<std::size_t>(one.sum.kind)] + std::string(" ") +
                  hex({one.sum.start.data(), one.sum.start.size()}));
  }
  std::ranges::sort(all);
  return all;
}

void print(const Package& package, Printer& out) {
  out.head("package", package.name);
  out.field("type", package.type);
  out.field("version", package.version);
  if (package.epoch) out.field("epoch", std::to_string(*package.epoch));
  out.field("arch", package.arch);
  out.field("source", package.source);
  out.field("source_version", package.source_version);
  out.fields("license", package.licenses);
  out.field("maintainer", package.maintainer);
  out.field("vendor", package.vendor);
  out.field("modularity", package.modularity);
  out.fields("cpe", package.cpes);
  out.field("repository", package.repository);
  out.field("path", package.path.str());
  if (package.layer != 0) out.field("layer", std::to_string(package.layer));
  out.field("purl", package.purl);
  if (package.by_content) out.field("by_content", "yes");
  if (package.at_least) out.field("at_least", "yes");
  if (package.declared) out.field("declared", "yes");
  if (package.claimed) out.field("claimed", "yes");
  out.field("needs", join(package.needs, ", "));
  out.field("provides", join(package.provides, ", "));
  out.field("comes_with", join(package.comes_with, ", "));
  if (package.essential) out.field("essential", "yes");
  out.field("pin", package.pin);
  out.fields("file", package.files);
  out.fields("sum", text_of(package.checksums));
}

std::string text_of(const Inventory& found) {
  Printer out;
  if (found.distro) print(*found.distro, out);
  if (found.declared) out.head("declared", "yes");
  for (const Package& package : found.packages) print(package, out);
  for (const Claim& claim : found.claims) {
    out.head("claim", claim.package);
    out.field("type", claim.type);
    out.field("arch", claim.arch);
    if (claim.asked) out.field("asked", "yes");
    out.field("pin", claim.pin);
    out.fields("license", claim.licenses);
    out.fields("file", claim.files);
    out.fields("sum", text_of(claim.checksums));
  }
  for (const std::string& one : found.repositories) out.head("repository", one);
  for (const Note& note : found.notes) {
    out.head("note", note.what);
    out.field("why", name(note.why));
    out.field("path", note.path.str());
  }
  return out.take();
}

std::vector<Input> inputs(const fixture::Case& one) {
  const fixture::fs::path folder = fixture::input(one);
  std::vector<Input> all;
  for (const std::string& path : fixture::files(folder)) all.push_back({path, fixture::slurp(folder / path)});
  if (folder != one.folder / "in") fixture::fs::remove_all(folder);
  return all;
}

std::vector<File::Neighbour> neighbours(const Cataloger& row, const std::vector<Input>& all) {
  std::vector<File::Neighbour> kept;
  for (const Input& input : all) {
    if (any_matches(row.reads, input.path)) kept.push_back({Path(input.path), input.bytes});
  }
  return kept;
}

PatternIndex::Rows only(const Cataloger& row) {
  PatternIndex::Rows rows;
  for (std::size_t i = 0; i < all_catalogers().size(); ++i) rows[i] = all_catalogers()[i] == &row;
  return rows;
}

Inventory run(const Cataloger& row, const std::vector<Input>& all, const Input& input) {
  Inventory found;
  const auto kept = neighbours(row, all);
  run_rows(only(row), {Path(input.path), input.bytes, kept}, found);
  return found;
}

void check_case(const fixture::Case& one) {
  const Cataloger* row = row_named(one.row);
  ASSERT_NE(row, nullptr) << one.row << " is no row of catalogers.def";
  const std::vector<Input> all = inputs(one);
  std::string got;
  for (const Input& input : all) {
    if (!wants(*row, input)) continue;
    const std::string once = text_of(run(*row, all, input));
    EXPECT_EQ(once, text_of(run(*row, all, input))) << "not the same twice: " << input.path;
    got += "== " + input.path + "\n" + once;
  }
  EXPECT_FALSE(got.empty()) << "nothing in " << one.folder << " is wanted by the row";
  fixture::expect(one, got);
}

[[maybe_unused]] const bool registered = fixture::register_all("catalog", check_case);

// Runs the row on an exactly sized copy, so that ASan sees a read one byte past the end. What is packed in it may unpack to little: it
// is run thousands of times.
void run_exactly(const Cataloger& row, const Path& path, std::string_view bytes,
                 const std::vector<File::Neighbour>& kept) {
  const auto copy = std::make_unique<char[]>(bytes.size());
  std::ranges::copy(bytes, copy.get());
  Allowance allowance(std::uint64_t{4} << 20, nullptr);
  Inventory found;
  row.run({.path = path, .bytes = {copy.get(), bytes.size()}, .neighbours = kept, .allowance = &allowance},
          found);
}

// Calls use(changed) with the bytes cut at each 1/16, and with a few random bits flipped at a time.
template <class Use>
void with_damage(const std::string& bytes, Use use) {
  constexpr std::size_t kTotal = std::size_t{8} << 20;  // bytes to read in all: large inputs get fewer flips
  for (std::size_t part = 0; part < 16; ++part)
    use(std::string_view(bytes).substr(0, bytes.size() * part / 16));
  if (bytes.empty()) return;
  std::mt19937 random(12345);
  const std::size_t rounds = std::clamp<std::size_t>(kTotal / bytes.size(), 20, 300);
  std::string changed;
  for (std::size_t round = 0; round < rounds; ++round) {
    changed = bytes;
    for (std::size_t flips = 1 + random() % 8; flips > 0; --flips) {
      char& at = changed[random() % changed.size()];
      at = static_cast<char>(static_cast<unsigned char>(at) ^ (1u << random() % 8));
    }
    use(std::string_view(changed));
  }
}

void damage_file(const Cataloger& row, const std::vector<Input>& all, const Input& input) {
  const std::vector<File::Neighbour> kept = neighbours(row, all);
  const Path path(input.path);
  with_damage(input.bytes, [&](std::string_view bytes) { run_exactly(row, path, bytes, kept); });
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (kept[i].path == path) continue;
    with_damage(std::string(kept[i].bytes), [&](std::string_view bytes) {
      std::vector<File::Neighbour> changed = kept;
      changed[i].bytes = bytes;
      run_exactly(row, path, input.bytes, changed);
    });
  }
}

TEST(Catalogers, survive_every_truncation_and_flipped_bits) {
  std::size_t files = 0;
  for (const fixture::Case& one : fixture::cases("catalog")) {
    const Cataloger* row = row_named(one.row);
    if (row == nullptr) continue;  // check_case says so
    const std::vector<Input> all = inputs(one);
    for (const Input& input : all) {
      if (!wants(*row, input)) continue;
      SCOPED_TRACE(one.row + "/" + one.name + "/" + input.path);
      damage_file(*row, all, input);
      ++files;
    }
  }
  EXPECT_GT(files, 0u);
}

// The head of each file goes to each row, under each name that the row wants.
TEST(Catalogers, survive_files_of_other_formats) {
  constexpr std::size_t kHead = 1 << 14;
  for (const fixture::Case& one : fixture::cases("catalog")) {
    for (const Input& input : inputs(one)) {
      const std::string_view head = std::string_view(input.bytes).substr(0, kHead);
      for (const Cataloger* row : all_catalogers()) {
        for (const Pattern pattern : row->wants) {
          std::string path(pattern.starts_with("**/") ? pattern.substr(3) : pattern);
          std::ranges::replace(path, '*', 'x');
          run_exactly(*row, Path(path), head, {});
        }
        if (row->wants.empty()) run_exactly(*row, Path("x"), head, {});
      }
    }
  }
}

TEST(Catalogers, have_the_fixtures_typical_and_corrupt) {
  std::set<std::string> have;
  for (const fixture::Case& one : fixture::cases("catalog")) have.insert(one.row + "/" + one.name);
  for (const Cataloger* row : all_catalogers()) {
    EXPECT_TRUE(have.contains(std::string(row->name) + "/typical")) << row->name;
    EXPECT_TRUE(have.contains(std::string(row->name) + "/corrupt")) << row->name;
  }
}

TEST(Catalogers, are_sorted_and_complete_rows) {
  std::string_view last;
  for (const Cataloger* row : all_catalogers()) {
    EXPECT_LT(last, row->name);
    last = row->name;
    EXPECT_FALSE(row->about.empty()) << row->name;
    EXPECT_GT(row->version, 0) << row->name;
    EXPECT_FALSE(row->wants.empty() && row->magics.empty()) << row->name;
    EXPECT_NE(row->run, nullptr) << row->name;
  }
  EXPECT_FALSE(last.empty());
}

}  // namespace
}  // namespace peekr
