// SPDX-License-Identifier: Apache-2.0
// The documents of an image: manifests, indexes and configurations, and what is told of the base image by them.
#include "source/oci.h"

#include <gtest/gtest.h>

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
  EXPECT_EQ(image.notes[1].what, "image configuration: 1 build steps for 2 layers");
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
          R"({"config":{"Entrypoint":["nginx"],"Cmd":["-g","daemon off;"],"Env":["A=1","PATH=/bin"],)"
          R"("Healthcheck":{"Test":["CMD","curl"]}}})")
          ->entry;
  EXPECT_EQ(entry.command, (std::vector<std::string>{"nginx", "-g", "daemon off;"}));
  EXPECT_EQ(entry.check, (std::vector<std::string>{"CMD", "curl"}));
  EXPECT_EQ(entry.path, "/bin");
  const auto odd = parse_config(R"({"config":{"Entrypoint":"nginx","Cmd":null,"Env":[1],"Healthcheck":[]}})");
  ASSERT_TRUE(odd) << "no damage";
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

// Of what is built on these layers, which images of a line are known.
std::vector<std::string> others_of(const std::string& layers, std::string_view version, Cache& cache) {
  ImageInfo info = image_of("app", layers);
  recognise_base(info, cache);
  std::vector<std::string> names;
  for (const SeenImage& one : seen_bases(info, version, cache).others) names.push_back(one.name);
  std::ranges::sort(names);
  return names;
}

TEST(Base, others_of_its_repository_and_of_its_distribution_are_known) {
  Cache cache("");
  const Inventory debian{.distro = Distro{.id = "debian"},
                         .packages = {{.type = "deb", .name = "libc6", .version = "1", .files = {"a"}}}};
  const auto see = [&](std::string name, std::string tag, std::string_view layers,
                       const char* platform = "") {
    ImageInfo info = image_of(name, layers);
    info.tag = std::move(tag);
    info.platform = platform;
    recognise_base(info, cache);
    remember(info, debian, "version 1", cache);
  };
  see("debian.tar", "docker.io/library/debian:12.4", "a");
  see("debian:12.12", "debian:12.12", "b");
  see("again.tar", "debian:12.4", "a");  // the same layers
  see("debian:12.12", "debian:12.12", "c", "linux/arm64");
  see("x.tar", "latest", "d");
  see("python.tar", "python:3", "ae");
  see("python2.tar", "python:3", "bf");
  EXPECT_EQ(others_of("az", "version 1", cache), (std::vector<std::string>{"debian:12.12", "x.tar"}));
  EXPECT_EQ(others_of("aez", "version 1", cache), (std::vector<std::string>{"python:3"})) << "two layers";
  EXPECT_TRUE(others_of("az", "version 2", cache).empty()) << "other catalogers";
  EXPECT_TRUE(others_of("zz", "version 1", cache).empty());
  ImageInfo app = image_of("app", "az");
  recognise_base(app, cache);
  EXPECT_EQ(app.base.name, "debian:12.4");
  const SeenBases bases = seen_bases(app, "version 1", cache);
  EXPECT_EQ(bases.name, "debian:12.4");
  ASSERT_TRUE(bases.present);
  EXPECT_TRUE(bases.present->packages.at(0).files.empty()) << "nobody judges by them";
}

TEST(Base, is_the_largest_image_seen_before_that_has_the_lowest_layers) {
  Cache cache("");
  for (auto [name, layers] :
       {std::pair("debian:12", "a"), std::pair("python:3.12", "ab"), std::pair("other", "ac")}) {
    ImageInfo info = image_of(name, layers);
    recognise_base(info, cache);
  }
  ImageInfo app = image_of("app", "abcd");
  recognise_base(app, cache);
  EXPECT_EQ(app.base.layers, 2u);
  EXPECT_EQ(app.base.name, "python:3.12");
  EXPECT_EQ(app.base.digest, digest_of("python:3.12").str());
  EXPECT_EQ(app.base.by, "these are the layers of python:3.12, which was scanned before");
  // The same once more is no base of itself, and what the image says of its base's name counts.
  ImageInfo again = image_of("app", "abcd");
  again.base.name = "docker.io/library/python:3";
  recognise_base(again, cache);
  EXPECT_EQ(again.base.layers, 2u);
  EXPECT_EQ(again.base.name, "docker.io/library/python:3");
  // Nor is what bore its own name before.
  ImageInfo grown = image_of("app", "abcde");
  recognise_base(grown, cache);
  EXPECT_EQ(grown.base.layers, 2u);
  EXPECT_EQ(grown.base.name, "python:3.12");
  ImageInfo stranger = image_of("stranger", "bx");
  recognise_base(stranger, cache);
  EXPECT_EQ(stranger.base.layers, 0u);
}

}  // namespace
}  // namespace peekr
