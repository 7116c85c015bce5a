// SPDX-License-Identifier: Apache-2.0
// Layers with tables of contents, read through them and whole. Blobs are made here: of zstd frames, and of gzip members.
#include "image/partial.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <optional>

#include "image/cache.h"
#include "image/test_layers.h"
#include "lib/digest.h"
#include "lib/zstd.h"

namespace peekr {
namespace {

using namespace testing_layers;

std::string sha256(std::string_view bytes) { return "sha256:" + hex_digest("sha256", bytes); }

std::string noise(std::size_t size) {
  std::string all;
  for (std::uint64_t x = 88172645463325252u; all.size() < size; x ^= x << 13u, x ^= x >> 7u, x ^= x << 17u)
    all += static_cast<char>(x >> 32u);
  return all;
}

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& bytes) { return *zstd_packed(bytes); }

// A blob with its table; `lie` may change the document before it is packed.
struct Layer {
  std::string blob;
  TocPlace place;
};

using Lie = std::function<void(std::string& json)>;

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from << " in " << text;
  text.replace(at, from.size(), to);
}

std::string json_of(const Made& made, std::uint64_t offset) {
  const char* type = made.type == '5'   ? "dir"
                     : made.type == '2' ? "symlink"
                     : made.type == '1' ? "hardlink"
                                        : "reg";
  return fmt::format(R"({{"name":"{}","type":"{}","mode":420,"size":{},"linkName":"{}","digest":"{}",)"
                     R"("offset":{},"chunkDigest":"{}"}})",
                     made.name, type, made.body.size(), made.link, sha256(made.body), offset,
                     sha256(made.body));
}

// Each header and each body in a member or frame of its own.
template <class Pack>
Layer blob_of(const std::vector<Made>& all, const Pack& pack, std::string& json) {
  Layer layer;
  for (const Made& made : all) {
    const std::string bytes = entry(made);
    layer.blob += pack(bytes.substr(0, 512));
    json += (json.empty() ? "" : ",") + json_of(made, layer.blob.size());
    if (!made.body.empty()) layer.blob += pack(made.body) + pack(bytes.substr(512 + made.body.size()));
  }
  json = R"({"version":1,"entries":[)" + json + "]}";
  return layer;
}

// Of these frames, the table behind them.
Layer with_table(Layer layer, const std::string& json) {
  const std::string table = zstd(json);
  layer.blob += std::string("\x50\x2a\x4d\x18", 4);
  for (unsigned i = 0; i < 4; ++i) layer.blob += static_cast<char>(table.size() >> (8 * i));
  layer.place = {TocPlace::Format::zstd_chunked, *Digest::parse(sha256(table)), layer.blob.size(),
                 table.size()};
  layer.blob += table;
  return layer;
}

Layer chunked(const std::vector<Made>& all, const Lie& lie = [](std::string&) {}) {
  std::string json;
  Layer layer = blob_of(all, zstd, json);
  layer.blob += zstd(std::string(1024, '\0'));
  lie(json);
  return with_table(std::move(layer), json);
}

Layer estargz(const std::vector<Made>& all, const Lie& lie = [](std::string&) {}) {
  std::string json;
  Layer layer = blob_of(all, gzip, json);
  lie(json);
  layer.place = {TocPlace::Format::estargz, *Digest::parse(sha256(json))};
  const std::string footer = std::string("\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0", 16) +
                             fmt::format("{:016x}STARGZ", layer.blob.size()) +
                             std::string("\1\0\0\xff\xff\0\0\0\0\0\0\0\0", 13);
  layer.blob += gzip(tar({{.name = "stargz.index.json", .body = json}})) + footer;
  return layer;
}

// What came of reading it.
struct Outcome {
  std::vector<std::string> found, notes;
  std::string error, fell_back;
  bool partial = false;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> asked;  // from, size
  std::uint64_t bytes = 0;                                     // of those
};

enum class How { partial, whole, no_ranges };

Outcome read(const Layer& layer, How how, const Limits& limits = {}) {
  Outcome out;
  const std::vector<std::string> blobs = {layer.blob};
  Image image = image_of(blobs);
  image.info.layers[0].digest = *Digest::parse(sha256(layer.blob));
  LayerTable& table = image.tables[0];
  table.place = layer.place;
  table.part = [&](std::uint64_t from, std::uint64_t size) -> Result<std::unique_ptr<ByteSource>> {
    if (how == How::no_ranges) return fail(Errc::unsupported, "the server knows no ranges");
    out.asked.emplace_back(from, size);
    out.bytes += size;
    return memory_bytes(std::string_view(layer.blob).substr(from, size));
  };
  const Reader reader = kWantedReader;
  const ReadOptions options{.limits = limits, .partial = how != How::whole, .threads = 1};
  const Result<Tree> tree = read_layers(image, reader, options, {});
  out.partial = toc_in_use(image, 0) != nullptr;
  out.fell_back = image.whole_because->with([](auto& all) { return all[0]; });
  if (!tree) {
    out.error = tree.error().message;
    return out;
  }
  for (const Found& one : tree->found())
    out.found.push_back(one.path.str() + "=" + one.inventory->packages.at(0).name.substr(0, 20));
  for (const Note& one : tree->notes())
    out.notes.push_back(std::string(name(one.why)) + ": " +
                        one.what.substr(one.what.starts_with("layer ") ? one.what.find("): ") + 3 : 0));
  return out;
}

std::vector<Made> files() {
  return {{.name = "d/", .type = '5'},
          {.name = "d/wanted", .body = "first"},
          {.name = "d/wanted2", .body = "second"},
          {.name = "noise", .body = noise(200'000)},
          {.name = "wanted3", .body = "third"},
          {.name = "link", .type = '2', .link = "d/wanted"},
          {.name = "wanted4", .type = '1', .link = "noise"},
          {.name = "wanted5"}};
}

const std::vector<std::string> kFound = {"d/wanted=first", "d/wanted2=second", "wanted3=third", "wanted5="};

TEST(Partial, FilesThatAreWantedComeAloneAndNeighboursTogether) {
  std::vector<Made> all = files();
  std::erase_if(all, [](const Made& one) { return one.name == "wanted4"; });
  for (const Layer& layer : {estargz(all), chunked(all)}) {
    const Outcome out = read(layer, How::partial);
    EXPECT_EQ(out.error, "");
    EXPECT_TRUE(out.partial) << out.fell_back;
    EXPECT_EQ(out.found, kFound);
    EXPECT_LT(out.bytes, 4000u);
    // eStargz: the footer first. Two files in one request, the third one behind the noise in another.
    EXPECT_EQ(out.asked.size(), layer.place.format == TocPlace::Format::estargz ? 4u : 3u);
    ASSERT_EQ(out.notes.size(), 1u);
    EXPECT_TRUE(out.notes[0].starts_with("unasked: 1 of 1 layers were read through their tables of contents"))
        << out.notes[0];
    EXPECT_EQ(read(layer, How::whole).found, kFound);
  }
}

TEST(Partial, WhatLiesBetweenFilesComesWithThemOnlyWhereAllOfItIsLittle) {
  const auto with_gaps = [](std::size_t small, std::size_t large) {
    std::vector<Made> all = {{.name = "wanted", .body = "x"}, {.name = "rest", .body = noise(500'000)}};
    for (std::size_t i = 0; i < small + large; ++i) {
      const std::string number = std::to_string(i);
      all.push_back({.name = "wanted" + number, .body = number});
      if (i + 1 < small + large)
        all.push_back({.name = "gap" + number, .body = noise(i < small ? 3000 : 10'000)});
    }
    return all;
  };
  const auto requests = [](const std::vector<Made>& all) {
    const Outcome out = read(chunked(all), How::partial);
    EXPECT_TRUE(out.partial) << out.fell_back << out.error;
    return out.asked.size();
  };
  EXPECT_EQ(requests(with_gaps(3, 4)), 3u) << "the table, the first file, all others";
  const std::size_t many = requests(with_gaps(3, 20));  // not all gaps are of just the same size
  EXPECT_TRUE(many >= 17 && many <= 22) << many << ": of the others the first four together";
}

TEST(Partial, WhatOnlyTheMergedTreeShowsToBeWantedIsReadAgainThroughTheTable) {
  std::vector<std::string> found = kFound;
  found.insert(found.end() - 1, "wanted4=" + noise(20).substr(0, 20));
  for (const Layer& layer : {estargz(files()), chunked(files())}) {
    const Outcome out = read(layer, How::partial);
    EXPECT_TRUE(out.partial) << out.fell_back << out.error;
    EXPECT_EQ(out.found, found);
    EXPECT_LT(out.bytes, 4000u) << "nearly all of the layer: in one piece, not through the table";
  }
}

TEST(Partial, WhatCannotBeReadAgainThroughTheTableIsReadFromTheWholeLayerByItsName) {
  const std::vector<Made> all = {{.name = "one", .body = "hello"},
                                 {.name = "noise", .body = noise(200'000)},
                                 {.name = "two", .body = "world"},
                                 {.name = "two", .body = "moon?"},
                                 {.name = "wanted", .type = '1', .link = "one"},
                                 {.name = "wanted2", .type = '1', .link = "two"}};
  const Lie lie = [](std::string& json) {
    replace(json, "\"digest\":\"" + sha256("moon?"), "\"innerOffset\":90000,\"digest\":\"" + sha256("moon?"));
  };
  const std::string real = sha256("hello"), other = sha256("other");
  const Lie wrong = [&](std::string& json) {
    replace(json, "\"chunkDigest\":\"" + real, "\"chunkDigest\":\"" + other);
  };
  const std::string mismatch = "one: chunk: expected " + other + ", got " + real;
  for (const auto& [layer, said] :
       {std::pair(estargz(all, lie), std::string()), std::pair(chunked(all, lie), std::string()),
        std::pair(estargz(all, wrong), mismatch), std::pair(chunked(all, wrong), mismatch)}) {
    const Outcome out = read(layer, How::partial);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.fell_back, said);
    EXPECT_EQ(out.found, (std::vector<std::string>{"wanted=hello", "wanted2=moon?"}));
  }
}

TEST(Partial, PackagesOfALayerThatIsReadWholeAfterAllCountOnce) {
  const Lie lie = [](std::string& json) {
    replace(json, "\"chunkDigest\":\"" + sha256("third"), "\"chunkDigest\":\"" + sha256("other"));
  };
  const Outcome out = read(chunked(files(), lie), How::partial, {.packages = 5});
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.found.size(), 5u) << "as many as there may be";
}

TEST(Partial, PartsTogetherUnpackToNoMoreThanTheLayerMay) {
  const Made wanted{.name = "wanted", .body = std::string(5000, '0')};
  const Layer layer = chunked({{.name = "noise", .body = noise(100'000)}, wanted});
  const Outcome out = read(layer, How::partial, {.ratio = 2, .ratio_from = 100});
  EXPECT_EQ(out.fell_back, "what is wanted of it unpacks to more than 2 times its size (limit ratio)");
}

// Of files().
void expect_whole(const Outcome& out, const std::string& why) {
  EXPECT_EQ(out.error, "");
  EXPECT_FALSE(out.partial);
  EXPECT_EQ(out.found.size(), 5u);
  EXPECT_TRUE(out.fell_back.starts_with(why)) << out.fell_back;
}

TEST(Partial, AServerWithoutRangesAndABrokenTableAreGotRoundByReadingAllOfTheLayer) {
  expect_whole(read(estargz(files()), How::no_ranges), "the server knows no ranges");
  const Lie broken = [](std::string& json) { json.resize(json.size() / 2); };
  expect_whole(read(estargz(files(), broken), How::partial), "table of contents: not JSON");
  expect_whole(read(chunked(files(), broken), How::partial), "table of contents: not JSON");
  Layer no_footer = estargz(files());
  no_footer.blob[no_footer.blob.size() - 20] = '!';
  expect_whole(read(no_footer, How::partial), "table of contents: the layer does not end as eStargz does");
  Layer outside = chunked(files());
  outside.place.offset = outside.blob.size();
  expect_whole(read(outside, How::partial), "table of contents: does not lie in the layer");
  const Lie elsewhere = [](std::string& json) { replace(json, R"("size":5,)", R"("size":5000,)"); };
  expect_whole(read(chunked(files(), elsewhere), How::partial), "d/wanted: ends too early");
}

TEST(Partial, WhereNearlyAllOfTheLayerIsWantedItIsReadWhole) {
  const Outcome out = read(chunked({{.name = "wanted", .body = noise(100'000)}}), How::partial);
  EXPECT_EQ(out.fell_back, "nearly all of it is wanted");
  EXPECT_EQ(out.found.size(), 1u);
  EXPECT_EQ(out.asked.size(), 1u);
}

TEST(Partial, FilesThatShareAMemberAreReadFromTheirPlacesInIt) {
  const std::string shared = zstd("firstsecond"), rest = noise(100'000);
  std::string json;
  for (const auto& [name, body, offset, inner] :
       {std::tuple(std::string("wanted"), std::string("first"), std::size_t{0}, 0),
        std::tuple(std::string("wanted2"), std::string("second"), std::size_t{0}, 5),
        std::tuple(std::string("noise"), rest, shared.size(), 0)}) {
    json +=
        fmt::format(R"({}{{"name":"{}","type":"reg","size":{},"offset":{},"innerOffset":{},"digest":"{}"}})",
                    json.empty() ? "" : ",", name, body.size(), offset, inner, sha256(body));
  }
  const Layer layer = with_table({.blob = shared + zstd(rest)}, R"({"version":1,"entries":[)" + json + "]}");
  const Outcome out = read(layer, How::partial);
  EXPECT_EQ(out.fell_back + out.error, "");
  EXPECT_EQ(out.found, (std::vector<std::string>{"wanted=first", "wanted2=second"}));
}

TEST(Partial, WhereFilesShareAMemberThatIsUnpackedAgainAndAgainTheLayerIsReadWhole) {
  const Lie far = [](std::string& json) {
    replace(json, R"("size":5,)", R"("size":5,"innerOffset":9000000,)");
  };
  EXPECT_EQ(read(chunked(files(), far), How::partial).fell_back,
            "more would have to be unpacked than in all of it");
}

TEST(Partial, WhereBytesAreNotThoseThatADigestIsOfTheLayerIsReadWhole) {
  for (Layer layer : {estargz(files()), chunked(files())}) {
    const std::string real = layer.place.digest.str();
    layer.place.digest.hex = std::string(64, '0');
    expect_whole(read(layer, How::partial),
                 "table of contents: expected sha256:" + std::string(64, '0') + ", got " + real);
  }
  const std::string real = sha256("first"), other = sha256("other");
  const Lie lie = [&](std::string& json) {
    replace(json, "\"chunkDigest\":\"" + real, "\"chunkDigest\":\"" + other);
  };
  for (const Layer& layer : {estargz(files(), lie), chunked(files(), lie)})
    expect_whole(read(layer, How::partial), "d/wanted: chunk: expected " + other + ", got " + real);
  const Lie whole = [&](std::string& json) {
    replace(json, ",\"chunkDigest\":\"" + real + "\"", "");
    replace(json, real, other);
  };
  expect_whole(read(chunked(files(), whole), How::partial),
               "d/wanted: file: expected " + other + ", got " + real);
}

TEST(Partial, AFileIsHeldAgainstItsOwnDigestWhereItsChunksHaveSomeToo) {
  const std::string real = sha256("first"), other = sha256("other");
  const Lie lie = [&](std::string& json) { replace(json, "\"digest\":\"" + real, "\"digest\":\"" + other); };
  for (const Layer& layer : {estargz(files(), lie), chunked(files(), lie)})
    expect_whole(read(layer, How::partial), "d/wanted: file: expected " + other + ", got " + real);
}

TEST(Partial, ALayerWhoseTableHasNoDigestOfAFileIsReadWhole) {
  const std::string real = sha256("first");
  const Lie none = [&](std::string& json) {
    replace(json, "\"digest\":\"" + real + "\",", "");
    replace(json, "\"chunkDigest\":\"" + real, "\"chunkDigest\":\"");
  };
  const Outcome out = read(chunked(files(), none), How::partial);
  EXPECT_EQ(out.fell_back, "d/wanted: the table of contents has no digest of it");
  EXPECT_EQ(out.error, "");
}

TEST(Partial, AFileOverTheLimitIsANote) {
  const Outcome out = read(chunked(files()), How::partial, {.file_bytes = 5});
  EXPECT_TRUE(out.partial) << out.fell_back << out.error;
  EXPECT_EQ(out.found, (std::vector<std::string>{"d/wanted=first", "wanted3=third", "wanted5="}));
  EXPECT_EQ(out.notes.at(0), "too_big: 6 bytes (limit file_bytes is 5)");
}

TEST(TocCheck, ATableIsNoFileThatACatalogerWants) {
  const Outcome out = read(estargz({{.name = "wanted", .body = "first"}}), How::whole, {.file_bytes = 10});
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(out.notes, std::vector<std::string>());
}

TEST(TocCheck, ATableThatIsTooLargeIsNotCompared) {
  Layer stated = chunked(files());
  stated.place.size = kMostToc + 1;
  for (const Layer& layer :
       {estargz(files(), [](std::string& json) { json.append(kMostToc, ' '); }), stated}) {
    const Outcome out = read(layer, How::whole);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.notes,
              std::vector<std::string>{
                  "too_big: was not compared with its table of contents: table of contents: more than "
                  "67108864 bytes"});
  }
}

TEST(TocCheck, AWholeLayerThatItsTableDescribesIsFine) {
  for (const Layer& layer : {estargz(files()), chunked(files())}) {
    const Outcome out = read(layer, How::whole);
    EXPECT_EQ(out.error, "");
    EXPECT_EQ(out.notes, std::vector<std::string>());
  }
}

TEST(TocCheck, NamesThatAreNoTextAreThoseOfTheTable) {
  std::vector<Made> all = files();
  all.push_back({.name = "caf\xe9", .body = "x"});
  all.push_back({.name = "bar\xe9", .type = '2', .link = "caf\xe9"});
  const Lie go = [](std::string& json) {
    for (std::size_t at = 0; (at = json.find('\xe9', at)) != std::string::npos;)
      json.replace(at, 1, "\\ufffd");
  };
  for (const Layer& layer : {estargz(all, go), chunked(all, go)})
    EXPECT_EQ(read(layer, How::whole).notes, std::vector<std::string>());
}

TEST(TocCheck, ALayerWhoseTableLiesInAnotherImageSaysNothing) {
  Layer external = estargz(files());
  external.blob = gzip(tar(files()));
  EXPECT_EQ(read(external, How::whole).notes, std::vector<std::string>());
  // Its last bytes say that it has one, which the tar does not show.
  Layer hidden = estargz(files());
  hidden.blob = external.blob + hidden.blob.substr(hidden.blob.size() - kFooterBytes);
  const Outcome out = read(hidden, How::whole);
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_NE(out.notes[0].find("table of contents: the layer has none"), std::string::npos) << out.notes[0];
}

TEST(TocCheck, OnlyTheTableItselfIsNoFileOfTheLayer) {
  const Lie gone = [](std::string& json) {
    const std::size_t at = json.find(R"(,{"name":"stargz.index.json")");
    json.resize(at), json += "]}";
  };
  std::vector<Made> all = files();
  all.push_back({.name = "stargz.index.json", .body = "x"});
  for (const Layer& layer : {estargz(all, gone), chunked(all, gone)}) {
    const Outcome out = read(layer, How::whole);
    ASSERT_EQ(out.notes.size(), 1u);
    EXPECT_TRUE(out.notes[0].ends_with("stargz.index.json is not in the table")) << out.notes[0];
  }
}

TEST(TocCheck, AWhiteoutIsNoFileWhoseNameEndsInABlank) {
  const Lie lie = [](std::string& json) { replace(json, "\"name\":\".wh.gone\"", "\"name\":\"gone \""); };
  std::vector<Made> all = files();
  all.push_back({.name = ".wh.gone"});
  const Outcome out = read(chunked(all, lie), How::whole);
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_TRUE(out.notes[0].ends_with(": gone  is in the table only, the removal of gone is not in the table"))
      << out.notes[0];
}

TEST(TocCheck, ATableOverTheLimitIsNotComparedWhichIsToldAsSuch) {
  const Lie long_one = [](std::string& json) {
    replace(json, "]}", R"(,{"name":"d","type":"dir"},{"name":"d","type":"dir"}]})");
  };
  const Outcome out = read(estargz(files(), long_one), How::whole, {.entries = 9});
  EXPECT_EQ(out.error, "");
  ASSERT_EQ(out.notes.size(), 1u);
  EXPECT_TRUE(out.notes[0].starts_with("too_big: was not compared with its table of contents: "))
      << out.notes[0];
}

TEST(TocCheck, WhereALayerHasItsTableBelongsToItsKeyInTheCache) {
  const std::vector<std::string> blobs = {""};
  Image image = image_of(blobs);
  image.info.layers[0].digest = *Digest::parse(sha256(""));
  const auto key = [&](const TocPlace& place) {
    image.tables[0].place = place;
    Reader reader = kWantedReader;
    reader.version = [] { return std::string_view("1"); };
    Cache cache{std::string()};
    return layer_key(image, 0, reader, {.cache = &cache});
  };
  const Digest digest = *Digest::parse(sha256("x"));
  using Format = TocPlace::Format;
  const std::vector<std::string> keys = {
      key({Format::zstd_chunked, digest, 1, 2}), key({Format::zstd_chunked, digest, 2, 2}),
      key({Format::zstd_chunked, digest, 1, 1}), key({Format::estargz, digest, 1, 2})};
  for (std::size_t i = 0; i < keys.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(keys[i], keys[j]);
}

TEST(TocCheck, AnotherOrderIsNoDifference) {
  const Lie first_to_the_end = [](std::string& json) {
    const std::size_t begin = json.find('[') + 1, end = json.find("},") + 2;
    const std::string first = json.substr(begin, end - begin - 1);
    json.erase(begin, end - begin);
    json.insert(json.size() - 2, "," + first);
  };
  for (const Layer& layer : {estargz(files(), first_to_the_end), chunked(files(), first_to_the_end)})
    EXPECT_EQ(read(layer, How::whole).notes, std::vector<std::string>());
}

TEST(TocCheck, ADifferenceBetweenTableAndLayerIsToldWithTheNames) {
  const auto told = [](const Layer& layer) {
    const Outcome out = read(layer, How::whole);
    EXPECT_EQ(out.error, "");
    return out.notes.size() == 1 ? out.notes[0] : std::to_string(out.notes.size()) + " notes";
  };
  const std::string head = "suspicious: its table of contents does not describe the layer: ";
  const auto lie = [&](const std::string& from, const std::string& to) {
    const Lie one = [&](std::string& json) { replace(json, from, to); };
    const std::string by_estargz = told(estargz(files(), one)), by_chunked = told(chunked(files(), one));
    EXPECT_EQ(by_estargz, by_chunked);
    return by_chunked;
  };
  EXPECT_EQ(lie("\"name\":\"noise\"", "\"name\":\"other\""),
            head + "noise is not in the table, other is in the table only");
  EXPECT_EQ(lie("\"size\":200000", "\"size\":200001"), head + "noise has another size there");
  EXPECT_EQ(lie("\"linkName\":\"d/wanted\"", "\"linkName\":\"noise\""), head + "link leads elsewhere there");
  EXPECT_EQ(lie("\"type\":\"symlink\"", "\"type\":\"fifo\""), head + "link is of another type there");
  EXPECT_EQ(lie("\"digest\":\"" + sha256("third"), "\"digest\":\"" + sha256("other")),
            head + "wanted3 has other bytes there");
  EXPECT_EQ(lie("\"chunkDigest\":\"" + sha256("third"), "\"chunkDigest\":\"" + sha256("other")),
            head + "wanted3 has other bytes there");
  EXPECT_EQ(lie("\"version\":1", "\"version\":7"), head + "table of contents: its version is not 1");
}

TEST(TocCheck, ATableThatIsNotTheOneOfTheManifestIsTold) {
  for (Layer layer : {estargz(files()), chunked(files())}) {
    layer.place.digest.hex = std::string(64, '0');
    const Outcome out = read(layer, How::whole);
    ASSERT_EQ(out.notes.size(), 1u);
    EXPECT_NE(out.notes[0].find("table of contents: expected sha256:000"), std::string::npos) << out.notes[0];
  }
}

}  // namespace
}  // namespace peekr
