// SPDX-License-Identifier: Apache-2.0
// Programs that come in pieces (image/layer.h): what stands in two of them, or across their border.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "catalog/cataloger.h"
#include "catalog/test_catalog.h"

namespace peekr {
namespace catalogers {
extern const Cataloger binary, dotnet_bundle, go, native_image, php_extension;
}  // namespace catalogers

namespace {

using testing_catalog::notes;

TEST(Pieces, an_extension_of_php_that_comes_in_pieces_is_a_note) {
  const Path path("usr/lib/php/20220829/redis.so");
  Inventory found;
  for (const std::uint64_t offset : {0u, 4u})
    catalogers::php_extension.run({.path = path, .bytes = "abcd", .offset = offset, .size = 8}, found);
  EXPECT_EQ(notes(found), path.str() + ": as an extension of PHP: it is read in pieces\n");
}

// The notes and packages of a program that comes as these pieces, one after the other.
std::string in_pieces(const Cataloger& row, const std::vector<std::string>& pieces) {
  Inventory found;
  File file{.path = Path("p")};
  for (const std::string& one : pieces) file.size += one.size();
  for (const std::string& one : pieces) {
    file.bytes = one;
    row.run(file, found);
    file.offset += one.size();
    if (file.start.empty()) file.start = file.bytes.substr(0, kStartBytes);
  }
  std::string all = notes(found);
  for (const Package& one : found.packages) all += one.name + " " + one.version + "\n";
  return all;
}

TEST(Pieces, the_sbom_of_a_native_image_that_comes_in_pieces_is_a_note_whatever_stands_before_its_symbol) {
  const std::string symbol("\0sbom_length\0", 13);
  const std::string want = "p: SBOM of a native image: the program is read in pieces\n";
  EXPECT_EQ(in_pieces(catalogers::native_image, {"a", symbol}), want);
  EXPECT_EQ(in_pieces(catalogers::native_image, {"sbom_length of ", "my_sbom_length" + symbol}), want);
  EXPECT_EQ(in_pieces(catalogers::native_image, {"sbom_length of ", std::string("my_sbom_length\0", 15)}),
            "");
}

// The headers of an ELF file with these segments, which stand at byte `table`; 1000 bytes.
struct Segment {
  std::uint32_t flags;  // 4: to be read, 2: to be written, 1: to be executed
  std::uint64_t offset, size;
};
std::string elf_with(const std::vector<Segment>& segments, std::uint64_t table = 64) {
  std::string bytes(
      "\x7F"
      "ELF\2\1\1",
      7);
  const auto put = [&](std::size_t at, std::size_t size, std::uint64_t value) {
    if (bytes.size() < at + size) bytes.resize(at + size);
    for (std::size_t i = 0; i < size; ++i, value >>= 8) bytes[at + i] = static_cast<char>(value & 0xFFu);
  };
  put(32, 8, table);
  put(54, 2, 56);
  put(56, 2, segments.size());
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const std::size_t at = 64 + 56 * i;
    put(at, 4, 1);
    put(at + 4, 4, segments[i].flags);
    put(at + 8, 8, segments[i].offset);
    put(at + 32, 8, segments[i].size);
  }
  bytes.resize(1000);
  return bytes;
}

TEST(Pieces, variables_are_looked_for_where_the_headers_of_a_program_have_what_is_written) {
  const std::string info =
      "\xff Go buildinf:\x08\x02" + std::string(16, '\0') + "\x08go1.22.1" + std::string(1, '\0');
  const auto found = [&](const std::string& headers) {
    return in_pieces(catalogers::go, {headers, std::string(500, 'x') + info});
  };
  const std::string known = "stdlib 1.22.1\n";
  EXPECT_EQ(found(elf_with({{5, 0, 1500}, {6, 1500, 300}})), known);
  EXPECT_EQ(found(elf_with({{5, 0, 900}, {6, 900, 900}})), known);
  EXPECT_EQ(found(elf_with({{6, 1600, 900}, {6, 1200, 400}})), known);
  EXPECT_EQ(found(elf_with({{5, 0, 1500}, {4, 1500, 100}, {6, 1600, 900}})), "");
  EXPECT_EQ(found(elf_with({{5, 0, 1000}, {6, 0, 1000}})), "");
  EXPECT_EQ(found(elf_with({{6, ~std::uint64_t{0}, ~std::uint64_t{0}}})), "");
  // What the headers do not say, or not so that it can be believed, is all of the file.
  EXPECT_EQ(found(elf_with({{5, 0, 2000}})), known);
  EXPECT_EQ(found(elf_with({{6, 1600, 10}}, 5000)), known);
  EXPECT_EQ(found(elf_with({{6, 1100, 200}, {6, 1100, 200}, {6, 1100, 200}})), known);
}

TEST(Pieces, texts_are_looked_for_beside_the_code_where_constants_are_apart_from_it) {
  const auto found = [](std::string program, std::size_t at) {
    const std::string text("\0curl/8.1.2\0", 12);
    program.replace(at, text.size(), text);
    const std::string whole = in_pieces(catalogers::binary, {program});
    EXPECT_EQ(in_pieces(catalogers::binary, {program.substr(0, 600), program.substr(600)}), whole);
    return whole;
  };
  const std::string known = "curl 8.1.2\n";
  const std::string apart = elf_with({{4, 0, 400}, {5, 400, 300}, {4, 700, 100}, {6, 800, 100}});
  EXPECT_EQ(found(apart, 450), "");
  EXPECT_EQ(found(apart, 650), "");
  for (const std::size_t at : {380u, 700u, 790u, 850u, 950u}) EXPECT_EQ(found(apart, at), known) << at;
  // Where there is no other segment for them, or what the headers say cannot be believed, they may be anywhere.
  EXPECT_EQ(found(elf_with({{5, 0, 700}, {6, 700, 300}}), 450), known);
  EXPECT_EQ(found(elf_with({{4, 0, 500}, {5, 400, 300}}), 450), known);
  EXPECT_EQ(found(elf_with({{4, 0, 400}, {7, 400, 300}}), 450), known);
  EXPECT_EQ(found(elf_with({{4, 0, 400}, {5, 400, ~std::uint64_t{0}}}), 350), known);
  EXPECT_EQ(found(elf_with({{4, 0, 400}, {5, 400, ~std::uint64_t{0}}}), 450), "");
}

TEST(Pieces, the_version_of_go_may_come_in_a_later_piece_than_the_modules) {
  const std::string modules = "path\tp\nmod\tp\tv1.0.0\ndep\tq\tv1.2.3\nbuild\tGOARCH=amd64\n";
  const std::string marked = "\x30\x77\xaf\x0c\x92\x74\x08\x02\x41\xe1\xc1\x07\xe6\xd6\x18\xe6" + modules +
                             "\xf9\x32\x43\x31\x86\x18\x20\x72\x00\x82\x42\x10\x41\x16\xd8\xf2";
  const auto counted = [](const std::string& text) { return static_cast<char>(text.size()) + text; };
  const std::string info = "\xff Go buildinf:\x08\x02" + std::string(16, '\0') + counted("go1.22.1");
  const std::string whole = info + counted(marked);
  const std::string known = "p v1.0.0\nq v1.2.3\nstdlib 1.22.1\n";
  EXPECT_EQ(in_pieces(catalogers::go, {marked, whole}), known);
  EXPECT_EQ(in_pieces(catalogers::go, {whole, marked}), "stdlib 1.22.1\np v1.0.0\nq v1.2.3\n");
  EXPECT_EQ(in_pieces(catalogers::go, {marked, "none"}),
            "p: a Go program too large to follow its pointers: the version of Go is not known\n"
            "p v1.0.0\nq v1.2.3\n");
  // The end of a piece cuts it, and it comes again; what is cut further ahead does not.
  EXPECT_EQ(in_pieces(catalogers::go, {info, whole}), "stdlib 1.22.1\np v1.0.0\nq v1.2.3\n");
  const std::string cut = "p: Go build information: the modules are cut short\nstdlib 1.22.1\n";
  EXPECT_EQ(in_pieces(catalogers::go, {"none", info}), cut);
  const std::string endless = info + "\xFF\xFF\xFF\x7F" + std::string(2 << 20, 'x');
  EXPECT_EQ(in_pieces(catalogers::go, {endless, info + '\0'}), cut);
}

TEST(Pieces, the_list_of_a_net_bundle_is_known_by_what_it_begins_with) {
  const std::string mark =
      "\x8b\x12\x02\xb9\x6a\x61\x20\x38\x72\x7b\x93\x02\x14\xd7\xa0\x32"
      "\x13\xf5\xb9\xe6\xef\xae\x33\x18\xee\x3b\x2d\xce\x24\xb3\x6a\xae";
  const std::string host = std::string("\0\0\0\x05\0\0\0\0", 8) + mark;
  const std::string deps =
      R"({ "runtimeTarget": {"name": "n"}, "targets": {"n": {"a}\"/1": {"native": {"x": {}}}}}, "libraries": {"a}\"/1": {}}})";
  const std::string missing = "p: .NET bundle: its packages are not known: it is read in pieces\n";
  EXPECT_EQ(in_pieces(catalogers::dotnet_bundle, {host, "x{{" + deps + "}"}), "a}\" 1\n");
  EXPECT_EQ(in_pieces(catalogers::dotnet_bundle, {host, deps.substr(0, 90), deps}), "a}\" 1\n");
  EXPECT_EQ(in_pieces(catalogers::dotnet_bundle, {host, deps.substr(0, 90)}), missing);
  // What two pieces share.
  EXPECT_EQ(in_pieces(catalogers::dotnet_bundle, {host, host}), missing);
  EXPECT_EQ(in_pieces(catalogers::dotnet_bundle, {host, host + deps, host + deps}), "a}\" 1\n");
  EXPECT_EQ(in_pieces(catalogers::dotnet_bundle, {std::string(8, '\0') + mark, deps}), "");
}

TEST(Pieces, a_release_counts_before_a_lower_bound) {
  const std::string bound(
      "\x7F"
      "ELF\0without GLIBC_ABI_DT_RELR\0reloc type in static binary\0",
      58);
  Inventory found;
  for (const std::string& piece :
       {bound, std::string(1, '\0') + "GNU C Library (Debian GLIBC 2.41-12) stable release version 2.41.\n"})
    catalogers::binary.run({.path = Path("p"), .bytes = piece, .size = 1000, .start = bound}, found);
  ASSERT_EQ(found.packages.size(), 1u);
  EXPECT_EQ(found.packages[0].version, "2.41");
  EXPECT_FALSE(found.packages[0].at_least);
}

}  // namespace
}  // namespace peekr
