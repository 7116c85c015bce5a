// SPDX-License-Identifier: Apache-2.0
#include "image/toc.h"

#include <gtest/gtest.h>

namespace peekr {
namespace {

constexpr std::uint64_t kPayload = 1000;

std::string document(const std::string& entries) { return R"({"version":1,"entries":[)" + entries + "]}"; }

Result<Toc> parsed(const std::string& entries) { return parse_toc(document(entries), kPayload, {}); }

std::string why_not(const std::string& entries) {
  const Result<Toc> toc = parsed(entries);
  return toc ? "" : toc.error().message;
}

TEST(Toc, HasTheEntriesOfATarInTheirOrder) {
  const Result<Toc> toc = parsed(
      R"({"name":"etc/","type":"dir","mode":16877,"modtime":"1970-01-01T00:00:00Z"},)"
      R"({"name":"etc/x","type":"reg","mode":2541,"size":5,"digest":"sha256:aa","offset":7,"chunkDigest":"sha256:bb"},)"
      R"({"name":"l","type":"symlink","linkName":"etc/x","size":5},{"name":"h","type":"hardlink","linkName":"etc/x"},)"
      R"({"name":"p","type":"fifo"},{"name":"e","type":"reg","size":0},{"name":"?","type":"door"})");
  ASSERT_TRUE(toc) << toc.error().message;
  using Kind = TarEntry::Kind;
  const std::vector<Kind> kinds = {Kind::directory, Kind::file, Kind::symlink, Kind::hard_link,
                                   Kind::device,    Kind::file, Kind::other};
  ASSERT_EQ(toc->entries.size(), kinds.size());
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    EXPECT_EQ(toc->entries[i].tar.kind, kinds[i]) << i;
    EXPECT_EQ(toc->entries[i].tar.offset, i);
  }
  EXPECT_EQ(toc->entries[1].tar.mode, 04755u);
  EXPECT_EQ(toc->entries[1].digest, "sha256:aa");
  EXPECT_EQ(toc->entries[2].tar.link, "etc/x");
  EXPECT_EQ(toc->entries[2].tar.size, 0u) << "a link has no bytes";
}

TEST(Toc, SaysWhereTheBytesOfAFileLieByWhereTheNextOnesBegin) {
  const Result<Toc> toc =
      parsed(R"({"name":"a","type":"reg","size":9,"offset":500,"chunkSize":4,"chunkDigest":"x"},)"
             R"({"name":"a","type":"chunk","offset":700,"chunkOffset":4,"chunkDigest":"y"},)"
             R"({"name":"b","type":"reg","size":3,"offset":10},)"
             R"({"name":"c","type":"reg","size":3,"offset":10,"innerOffset":3})");
  ASSERT_TRUE(toc) << toc.error().message;
  const std::vector<Toc::Chunk>& a = toc->entries[0].chunks;
  ASSERT_EQ(a.size(), 2u);
  EXPECT_EQ(std::tuple(a[0].offset, a[0].end, a[0].size), std::tuple(500u, 700u, 4u));
  EXPECT_EQ(std::tuple(a[1].offset, a[1].end, a[1].size), std::tuple(700u, kPayload, 5u));
  EXPECT_EQ(a[1].digest, "y");
  const Toc::Chunk& c = toc->entries[2].chunks.front();
  EXPECT_EQ(std::tuple(c.offset, c.end, c.inner), std::tuple(10u, 500u, 3u));
}

TEST(Toc, OfAWriterThatSaysWhereAFileEndsBelievesIt) {
  const Result<Toc> toc =
      parsed(R"({"name":"a","type":"reg","size":9,"offset":500,"endOffset":800,"chunkSize":4},)"
             R"({"name":"a","type":"chunk","chunkOffset":4,"chunkSize":2,"chunkType":"zeros"},)"
             R"({"name":"a","type":"chunk","offset":700,"chunkOffset":6})");
  ASSERT_TRUE(toc) << toc.error().message;
  const std::vector<Toc::Chunk>& chunks = toc->entries[0].chunks;
  EXPECT_EQ(chunks[0].end, 700u);
  EXPECT_TRUE(chunks[1].zeros);
  EXPECT_EQ(chunks[2].end, 800u);
}

TEST(Toc, ThatNoReaderCanGoByIsRefusedWithTheName) {
  EXPECT_EQ(why_not(R"({"name":"a","type":"reg","size":9,"offset":1000})"),
            "table of contents: a: its bytes lie outside of the layer");
  EXPECT_EQ(why_not(R"({"name":"a","type":"reg","size":9,"offset":1,"chunkSize":4})"),
            "table of contents: a: its chunks are not the whole file");
  EXPECT_EQ(why_not(R"({"name":"a","type":"reg","size":9,"offset":1,"chunkSize":10})"),
            "table of contents: a: a chunk goes beyond the end of the file");
  EXPECT_EQ(why_not(R"({"name":"a","type":"reg","size":9,"offset":1,"chunkOffset":1})"),
            "table of contents: a: chunks that leave gaps, or overlap");
  EXPECT_EQ(why_not(R"({"name":"a","type":"chunk","offset":1})"),
            "table of contents: a: a chunk behind no file of that name");
  EXPECT_EQ(why_not(R"({"name":"a","type":"reg","size":2,"offset":1},{"name":"b","type":"chunk"})"),
            "table of contents: b: a chunk behind no file of that name");
  EXPECT_EQ(why_not(R"({"name":"a","name":"b","type":"dir"})"),
            "table of contents: \"name\" stands twice in one entry");
  EXPECT_EQ(why_not(R"({"name":"a","type":"reg","size":-1})"),
            "table of contents: size: not a number of bytes");
  EXPECT_EQ(why_not(R"({"name":1,"type":"reg"})"), "table of contents: name: not a text");
  EXPECT_EQ(why_not(R"({"type":"reg"})"), "table of contents: an entry without a name");
  EXPECT_EQ(why_not(R"({"name":"a","NAME":"b","type":"dir"})"),
            "table of contents: \"NAME\" is \"name\" to some readers only");
  EXPECT_EQ(why_not("{\"name\":\"a\",\"\u017fize\":1,\"type\":\"dir\"}"),
            "table of contents: a key that is not ASCII: \"\u017fize\"");
  EXPECT_EQ(why_not("7"), "table of contents: an entry that is no object");
  EXPECT_EQ(why_not("{"), "table of contents: not JSON");
}

TEST(Toc, OfAnotherShapeOrSizeIsRefused) {
  EXPECT_FALSE(parse_toc("", kPayload, {}));
  EXPECT_FALSE(parse_toc("[]", kPayload, {}));
  EXPECT_FALSE(parse_toc(R"({"version":1})", kPayload, {}));
  EXPECT_FALSE(parse_toc(R"({"version":1,"entries":[],"Entries":[]})", kPayload, {}));
  EXPECT_FALSE(parse_toc(R"({"version":1,"version":2,"entries":[]})", kPayload, {}));
  EXPECT_EQ(parse_toc(R"({"version":2,"entries":[]})", kPayload, {}).error().code, Errc::unsupported);
  const std::string two = document(R"({"name":"a","type":"dir"},{"name":"b","type":"dir"})");
  EXPECT_EQ(parse_toc(two, kPayload, {.entries = 1}).error().code, Errc::limit);
  EXPECT_TRUE(parse_toc(two, kPayload, {.entries = 2}));
}

TEST(Toc, HasForEachByteThatIsNoTextWhatGoWrites) {
  EXPECT_EQ(as_in_table("caf\u00e9/\u20ac/\U0001f600"), "caf\u00e9/\u20ac/\U0001f600");
  EXPECT_EQ(as_in_table("caf\xe9/x"), "caf\ufffd/x");
  EXPECT_EQ(as_in_table("\xe2\x82"
                        "a\xf0\x9f\x98"),
            "\ufffd\ufffd"
            "a\ufffd\ufffd\ufffd");
  EXPECT_EQ(as_in_table("\xed\xa0\x80"), "\ufffd\ufffd\ufffd") << "half a surrogate";
}

TEST(Toc, IsFoundByTheFooterOfEStargz) {
  const std::string footer = std::string("\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0", 16) +
                             "00000000000000ffSTARGZ" + std::string("\1\0\0\xff\xff\0\0\0\0\0\0\0\0", 13);
  ASSERT_EQ(footer.size(), kFooterBytes);
  EXPECT_EQ(toc_offset(footer), 255u);
  EXPECT_FALSE(toc_offset(footer.substr(1)));
  for (std::size_t i = 0; i < 38; ++i) {
    if (i >= 4 && i < 10) continue;  // time and system
    std::string broken = footer;
    broken[i] = '~';
    EXPECT_FALSE(toc_offset(broken)) << i;
  }
}

TEST(Toc, IsFoundByAnnotationsOfAllWriters) {
  const std::string hex(64, 'a');
  const auto estargz = toc_place({{"containerd.io/snapshot/stargz/toc.digest", "sha256:" + hex}});
  ASSERT_TRUE(estargz);
  EXPECT_EQ(estargz->format, TocPlace::Format::estargz);
  EXPECT_EQ(estargz->digest.hex, hex);
  for (const std::string prefix : {"io.github.containers.zstd-chunked.", "io.containers.zstd-chunked."}) {
    const auto of = [&](const std::string& position, const std::string& checksum) {
      return toc_place({{prefix + "manifest-position", position}, {prefix + "manifest-checksum", checksum}});
    };
    const auto place = of("100:20:300:1", "sha256:" + hex);
    ASSERT_TRUE(place);
    EXPECT_EQ(*place, (TocPlace{TocPlace::Format::zstd_chunked, {"sha256", hex}, 100, 20}));
    EXPECT_FALSE(of("100:20:300:2", "sha256:" + hex));
    EXPECT_FALSE(of("100:20:300", "sha256:" + hex));
    EXPECT_FALSE(of("100:0:300:1", "sha256:" + hex));
    EXPECT_FALSE(of("18446744073709551615:20:300:1", "sha256:" + hex));
    EXPECT_FALSE(of("100:20:300:1", "")) << "by what it cannot be verified";
  }
  EXPECT_FALSE(toc_place({}));
}

}  // namespace
}  // namespace peekr
