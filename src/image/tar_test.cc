// SPDX-License-Identifier: Apache-2.0
#include "image/tar.h"

#include <gtest/gtest.h>

#include "image/test_layers.h"

namespace peekr {
namespace {

using testing_layers::entry;
using testing_layers::header;
using testing_layers::Made;
using testing_layers::octal;
using testing_layers::put;
using testing_layers::record;
using testing_layers::set_checksum;

struct Walked {
  std::vector<TarEntry> entries;
  std::vector<std::string> bodies;  // of files
  std::string error;
  bool ended_early = false;
};

Walked walk(const std::string& bytes, std::uint64_t header_bytes = Limits().header_bytes) {
  const Limits limits{.file_bytes = 1 << 20, .header_bytes = header_bytes};
  const std::unique_ptr<ByteSource> source = memory_bytes(bytes);
  Tar tar(*source, limits);
  Walked walked;
  TarEntry one;
  for (;;) {
    const Result<bool> more = tar.next(one);
    if (!more) walked.error = more.error().message;
    if (!more || !*more) break;
    walked.entries.push_back(one);
    if (one.kind != TarEntry::Kind::file) continue;
    Result<std::string> body = tar.read();
    if (!body) walked.error = body.error().message;
    if (!body) break;
    walked.bodies.push_back(*std::move(body));
  }
  walked.ended_early = tar.ended_early();
  return walked;
}

const std::string kEnd(1024, '\0');

std::string pax(const std::string& record) { return entry({"pax", 'x', record, ""}); }

TEST(Tar, reads_names_bodies_and_links) {
  const Walked walked = walk(entry({"a", '0', "hello", ""}) + entry({"d/", '5', "", ""}) +
                             entry({"s", '2', "", "a"}) + entry({"h", '1', "", "a"}) + kEnd);
  ASSERT_EQ(walked.error, "");
  ASSERT_EQ(walked.entries.size(), 4u);
  EXPECT_EQ(walked.bodies, std::vector<std::string>{"hello"});
  EXPECT_EQ(walked.entries[1].kind, TarEntry::Kind::directory);
  EXPECT_EQ(walked.entries[2].link, "a");
  EXPECT_EQ(walked.entries[3].kind, TarEntry::Kind::hard_link);
  EXPECT_FALSE(walked.ended_early);
}

TEST(Tar, an_end_without_zero_blocks_is_told) { EXPECT_TRUE(walk(entry({"a", '0', "x", ""})).ended_early); }

TEST(Tar, a_gnu_long_name_replaces_the_name) {
  const std::string name(300, 'n');
  const Walked walked = walk(entry({"././@LongLink", 'L', name + std::string(1, '\0'), ""}) +
                             entry({"short", '0', "x", ""}) + kEnd);
  ASSERT_EQ(walked.error, "");
  EXPECT_EQ(walked.entries.at(0).name, name);
}

TEST(Tar, a_pax_size_overrides_the_header) {
  const std::string record = "13 size=1000\n";
  std::string file = header({"f", '0', "", ""}, 0) + std::string(1000, 'D');
  file.resize(512 + 1024);
  const Walked walked = walk(pax(record) + file + entry({"after", '0', "x", ""}) + kEnd);
  ASSERT_EQ(walked.error, "");
  ASSERT_EQ(walked.bodies.size(), 2u);
  EXPECT_EQ(walked.bodies[0].size(), 1000u);
  EXPECT_EQ(walked.entries[1].name, "after");
}

TEST(Tar, a_pax_path_holds_for_one_entry_only) {
  const Walked walked =
      walk(pax("15 path=x/y\xC3\xA9z\n") + entry({"a", '0', "", ""}) + entry({"b", '0', "", ""}) + kEnd);
  ASSERT_EQ(walked.error, "");
  EXPECT_EQ(walked.entries.at(0).name, "x/y\xC3\xA9z");
  EXPECT_EQ(walked.entries.at(1).name, "b");
}

TEST(Tar, a_pax_record_with_a_wrong_length_is_damage) {
  EXPECT_NE(walk(pax("99 path=x\n") + entry({"a", '0', "", ""}) + kEnd).error, "");
}

TEST(Tar, base_256_sizes_are_read_and_negative_ones_refused) {
  std::string big = header({"f", '0', "", ""}, 0);
  put(big, 124, std::string("\x80\0\0\0\0\0\0\0\0\0\0\3", 12));
  set_checksum(big);
  std::string body = "abc";
  body.resize(512);
  EXPECT_EQ(walk(big + body + kEnd).bodies.at(0), "abc");
  put(big, 124, std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00", 12));
  set_checksum(big);
  EXPECT_NE(walk(big + body + kEnd).error, "");
}

// What a header states whose size is written so; the file itself is not there.
std::optional<std::uint64_t> stated_size(std::string field) {
  field.resize(12, '\0');
  std::string block = header({"f", '0', "", ""}, 0);
  put(block, 124, field);
  set_checksum(block);
  const Walked walked = walk(block);
  return walked.entries.empty() ? std::nullopt : std::optional(walked.entries[0].size);
}

TEST(Tar, a_size_is_octal_digits_as_many_as_there_are) {
  EXPECT_EQ(stated_size("00000001750"), 1000u);
  EXPECT_EQ(stated_size("1750"), 1000u);
  EXPECT_EQ(stated_size("7"), 7u);
  EXPECT_EQ(stated_size("12345670"), 012345670u);
  EXPECT_EQ(stated_size("123456701"), 0123456701u);
  EXPECT_EQ(stated_size("77777777777"), 077777777777u);
  EXPECT_EQ(stated_size("777777777777"), 0777777777777u);
  EXPECT_EQ(stated_size("      1750 "), 1000u);
  EXPECT_EQ(stated_size("1750 "), 1000u);
  EXPECT_EQ(stated_size(std::string("1750\0junk", 9)), 1000u);
  EXPECT_EQ(stated_size(std::string("00000001\0junk", 12)), 1u);
  EXPECT_EQ(stated_size(""), 0u);
}

TEST(Tar, a_size_with_anything_but_octal_digits_is_damage) {
  for (const std::string field : {"8", "17580", "1750x", "00000000 1", "000000008", "x", "-1", "1/", "\xB1"})
    EXPECT_EQ(stated_size(field), std::nullopt) << field;
}

TEST(Tar, a_wrong_checksum_is_damage) {
  std::string bytes = entry({"a", '0', "x", ""}) + kEnd;
  bytes[0] = 'b';
  EXPECT_NE(walk(bytes).error.find("checksum"), std::string::npos);
}

TEST(Tar, every_truncation_inside_of_an_entry_is_damage) {
  const std::string whole = entry({"a", '0', std::string(2000, 'x'), ""});
  for (std::size_t size = 1; size < 512 + 2000; ++size) {
    EXPECT_NE(walk(whole.substr(0, size)).error, "") << size;
  }
  // umoci 0.4 leaves out what would fill the last block.
  for (std::size_t size = 512 + 2000; size < whole.size(); ++size) {
    const Walked walked = walk(whole.substr(0, size));
    EXPECT_EQ(walked.error, "") << size;
    EXPECT_TRUE(walked.ended_early);
    EXPECT_EQ(walked.bodies, std::vector{std::string(2000, 'x')});
  }
}

TEST(Tar, gnu_sparse_files_get_their_holes_back) {
  std::string block = header({"sparse", 'S', "", ""}, 6);
  put(block, 257, std::string("ustar  \0", 8));
  put(block, 386, octal(2, 12) + octal(3, 12) + octal(8, 12) + octal(3, 12));
  put(block, 483, octal(12, 12));
  set_checksum(block);
  std::string body = "abcdef";
  body.resize(512);
  const Walked walked = walk(block + body + kEnd);
  ASSERT_EQ(walked.error, "");
  EXPECT_EQ(walked.bodies.at(0), std::string("\0\0abc\0\0\0def\0", 12));
  EXPECT_EQ(walked.entries.at(0).size, 12u);
}

TEST(Tar, pax_sparse_1_0_has_its_map_in_the_body) {
  std::string map = "2\n2\n3\n8\n3\n";
  map.resize(512);
  // a record's length counts itself
  const auto record = [](const std::string& text) {
    return std::to_string(text.size() + 4) + " " + text + "\n";
  };
  const std::string all = record("GNU.sparse.major=1") + record("GNU.sparse.minor=0") +
                          record("GNU.sparse.name=real") + record("GNU.sparse.realsize=12");
  const Walked walked = walk(pax(all) + entry({"GNUSparseFile.0/real", '0', map + "abcdef", ""}) + kEnd);
  ASSERT_EQ(walked.error, "");
  EXPECT_EQ(walked.entries.at(0).name, "real");
  EXPECT_EQ(walked.bodies.at(0), std::string("\0\0abc\0\0\0def\0", 12));
}

// One byte at each even place, by the extension blocks that GNU tar writes behind the header.
std::string sparse_of(std::size_t pieces) {
  std::string block = header({"sparse", 'S', "", ""}, pieces);
  block[482] = 1;
  put(block, 483, octal(2 * pieces, 12));
  set_checksum(block);
  for (std::size_t i = 0; i < pieces;) {
    std::string more(512, '\0');
    for (std::size_t at = 0; at < 504 && i < pieces; at += 24, ++i)
      put(more, at, octal(2 * i, 12) + octal(1, 12));
    more[504] = i < pieces ? 1 : 0;
    block += more;
  }
  std::string body(pieces, 'x');
  body.resize((pieces + 511) / 512 * 512);
  return block + body;
}

TEST(Tar, a_sparse_file_may_have_many_pieces) {
  const Walked walked = walk(sparse_of(70'000) + kEnd);
  EXPECT_EQ(walked.error, "");
  ASSERT_EQ(walked.bodies.size(), 1u);
  EXPECT_EQ(walked.bodies[0].substr(0, 4), std::string("x\0x\0", 4));
  EXPECT_EQ(walked.bodies[0].size(), 140'000u);
}

TEST(Tar, what_stands_before_a_file_is_limited_and_the_message_names_the_limit) {
  const std::string comment = record("comment=" + std::string(5000, 'c'));
  const std::string name = std::string(5000, 'n');
  const std::pair<std::string, std::string> archives[] = {
      {"a sparse file of ", sparse_of(300)},
      {"pax header: ", pax(comment) + entry({"a", '0', "x", ""})},
      {"long name: ", entry({"././@LongLink", 'L', name, ""}) + entry({"a", '0', "x", ""})}};
  for (const auto& [what, archive] : archives) {
    EXPECT_EQ(walk(archive + kEnd, 8000).error, "");
    const std::string error = walk(archive + kEnd, 4000).error;
    EXPECT_TRUE(error.starts_with(what)) << error;
    EXPECT_NE(error.find("limit header_bytes is 4000"), std::string::npos);
  }
}

TEST(Tar, a_sparse_piece_outside_of_the_file_is_damage) {
  std::string block = header({"sparse", 'S', "", ""}, 6);
  put(block, 386, octal(20, 12) + octal(6, 12));
  put(block, 483, octal(12, 12));
  set_checksum(block);
  std::string body = "abcdef";
  body.resize(512);
  EXPECT_NE(walk(block + body + kEnd).error, "");
}

TEST(Tar, a_file_over_the_limit_names_the_limit) {
  const Walked walked = walk(entry({"a", '0', std::string((1 << 20) + 1, 'x'), ""}) + kEnd);
  EXPECT_NE(walked.error.find("file_bytes"), std::string::npos);
}

std::vector<std::string> names(const Walked& walked) {
  EXPECT_EQ(walked.error, "");
  std::vector<std::string> all;
  for (const TarEntry& one : walked.entries) all.push_back(one.name);
  return all;
}

using Names = std::vector<std::string>;

// Each as Go's archive/tar reads it: what it does not hide must not be hidden here.
TEST(Tar, a_pax_name_with_a_nul_is_damage_as_for_the_engines) {
  for (const std::string key : {"path", "linkpath"}) {
    const std::string value = key + "=usr/bin/x" + std::string(1, '\0') + "hidden";
    EXPECT_TRUE(walk(pax(record(value)) + entry({"a", '0', "x", ""}) + kEnd)
                    .error.contains("pax " + key + ": a name with a NUL"));
  }
  EXPECT_EQ(walk(pax(record("comment=a" + std::string(1, '\0'))) + entry({"a", '0', "x", ""}) + kEnd).error,
            "");
}

TEST(Tar, an_empty_pax_value_says_nothing) {
  EXPECT_EQ(names(walk(pax(record("path=")) + entry({"a", '0', "x", ""}) + kEnd)), Names{"a"});
}

TEST(Tar, a_second_pax_header_replaces_the_first) {
  EXPECT_EQ(
      names(walk(pax(record("path=.wh..wh.x")) + pax(record("mtime=1")) + entry({"a", '0', "x", ""}) + kEnd)),
      Names{"a"});
}

TEST(Tar, a_global_header_ends_what_was_said_of_the_next_entry) {
  const std::string global = entry({"pax_global_header", 'g', record("comment=c"), ""});
  const std::string long_name = entry({"././@LongLink", 'L', "other", ""});
  EXPECT_EQ(names(walk(pax(record("path=b")) + global + entry({"a", '0', "x", ""}) + kEnd)), Names{"a"});
  EXPECT_EQ(names(walk(long_name + global + entry({"a", '0', "x", ""}) + kEnd)), Names{"a"});
}

TEST(Tar, a_gnu_long_name_counts_more_than_a_pax_path) {
  const std::string long_name = entry({"././@LongLink", 'L', "gnu", ""});
  EXPECT_EQ(names(walk(long_name + pax(record("path=pax")) + entry({"a", '0', "x", ""}) + kEnd)),
            Names{"gnu"});
}

TEST(Tar, a_sparse_name_needs_a_version_or_a_map) {
  const std::string name = record("GNU.sparse.name=.wh..wh.x");
  const auto with = [&](const std::string& more) {
    return names(walk(pax(name + more) + entry({"a", '0', "x", ""}) + kEnd));
  };
  EXPECT_EQ(with(""), Names{"a"});
  EXPECT_EQ(with(record("GNU.sparse.major=2") + record("GNU.sparse.minor=0")), Names{"a"});
  EXPECT_EQ(with(record("GNU.sparse.map=0,1")), Names{".wh..wh.x"});
}

TEST(Tar, an_entry_without_a_type_is_what_its_final_name_says) {
  const Walked folder =
      walk(pax(record("path=usr/")) + entry({"x", '\0', "", ""}) + entry({"b", '0', "y", ""}) + kEnd);
  EXPECT_EQ(names(folder), (Names{"usr/", "b"}));
  EXPECT_EQ(folder.entries.at(0).kind, TarEntry::Kind::directory);
  EXPECT_EQ(folder.bodies, Names{"y"});
  const Walked file = walk(pax(record("path=usr")) + entry({"x/", '\0', "z", ""}) + kEnd);
  EXPECT_EQ(file.entries.at(0).kind, TarEntry::Kind::file);
}

TEST(Tar, a_number_may_stand_behind_nuls) {
  std::string block = header({"a", '0', "", ""}, 0);
  put(block, 124, std::string("\0", 1) + "0000000003 ");
  set_checksum(block);
  std::string body = "abc";
  body.resize(512);
  EXPECT_EQ(walk(block + body + kEnd).bodies.at(0), "abc");
}

TEST(Tar, early_go_wrote_a_prefix_into_gnu_headers) {
  std::string block = header({"package.json", '0', "", ""}, 0);
  put(block, 257, std::string("ustar  \0", 8));
  put(block, 345, "app/node_modules/x");
  set_checksum(block);
  EXPECT_EQ(names(walk(block + kEnd)), Names{"app/node_modules/x/package.json"});
  put(block, 345, std::string(20, '\0'));
  put(block, 345, octal(1, 12) + octal(2, 12));  // two times, as GNU has them
  set_checksum(block);
  EXPECT_EQ(names(walk(block + kEnd)), Names{"package.json"});
}

TEST(Tar, the_head_of_a_sparse_file_costs_no_more_than_the_head) {
  std::string block = header({"sparse", 'S', "", ""}, 6);
  put(block, 386, octal(2, 12) + octal(6, 12));
  put(block, 483, std::string("\x80\0\0\0\0\x7f\0\0\0\0\0\0", 12));
  set_checksum(block);
  std::string bytes = block + "abcdef";
  bytes.resize(1024);
  bytes += kEnd;
  const Limits limits;
  const std::unique_ptr<ByteSource> source = memory_bytes(bytes);
  Tar tar(*source, limits);
  TarEntry one;
  ASSERT_TRUE(*tar.next(one));
  const Result<std::string> stored = tar.read_stored();
  EXPECT_EQ(*tar.with_holes(*stored, 4), std::string("\0\0ab", 4));
  EXPECT_EQ(tar.with_holes(*stored, one.size).error().code, Errc::limit);
}

TEST(Tar, data_behind_the_end_is_seen) {
  const Limits limits;
  const std::string bytes = entry({"a", '0', "x", ""}) + kEnd + "more";
  const std::unique_ptr<ByteSource> source = memory_bytes(bytes);
  Tar tar(*source, limits);
  TarEntry one;
  while (*tar.next(one)) {
  }
  EXPECT_TRUE(*tar.trailing_data());
}

}  // namespace
}  // namespace peekr
