// SPDX-License-Identifier: Apache-2.0
// OCI layouts: which image of an index is meant, and what is said of those that are not whole.
#include "source/layout.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "lib/digest.h"
#include "source/platform.h"
#include "source/target.h"

namespace peekr {
namespace {

const Limits kLimits;

// An OCI layout that grows blob by blob.
struct Layout {
  std::string add(std::string_view bytes) {  // returns its descriptor, without the braces
    const std::string hex = hex_digest("sha256", bytes);
    blobs["blobs/sha256/" + hex] = bytes;
    return R"("digest":"sha256:)" + hex + R"(","size":)" + std::to_string(bytes.size());
  }
  // A manifest of one layer and, after it, `more` members of its descriptor.
  std::string image(const std::string& arch, const std::string& more,
                    const std::string& layer_type = "application/vnd.oci.image.layer.v1.tar+gzip") {
    const std::string config =
        add(R"({"architecture":")" + arch + R"(","os":"linux","rootfs":{"diff_ids":["sha256:)" +
            std::string(64, 'a') + R"("]}})");
    const std::string layer = add("layer of " + arch);
    return R"({"mediaType":"application/vnd.oci.image.manifest.v1+json",)" +
           add(R"({"schemaVersion":2,"config":{"mediaType":"application/vnd.oci.image.config.v1+json",)" +
               config + R"(},"layers":[{"mediaType":")" + layer_type + R"(",)" + layer + "}]}") +
           more + "}";
  }
  std::string index(const std::string& children) {
    return R"({"mediaType":"application/vnd.oci.image.index.v1+json",)" +
           add(R"({"schemaVersion":2,"manifests":[)" + children + "]}") + "}";
  }
  [[nodiscard]] Store store(const std::string& children) const {
    std::map<std::string, std::string> all = blobs;
    all["oci-layout"] = R"({"imageLayoutVersion":"1.0.0"})";
    all["index.json"] = R"({"schemaVersion":2,"manifests":[)" + children + "]}";
    return [all](const std::string& name) -> Result<Stored> {
      const auto found = all.find(name);
      if (found == all.end()) return fail(Errc::not_found, name + ": not there");
      return Stored{found->second.size(), [bytes = found->second] {
                      return Result<std::unique_ptr<ByteSource>>(memory_bytes(bytes));
                    }};
    };
  }

  std::map<std::string, std::string> blobs;
};

std::string tagged(const std::string& tag) {
  return R"(,"annotations":{"org.opencontainers.image.ref.name":")" + tag + R"("})";
}
std::string on(const std::string& arch, const std::string& variant) {
  return R"(,"platform":{"os":"linux","architecture":")" + arch + R"(","variant":")" + variant + R"("})";
}
std::string platform_of(const Result<Image>& image) {
  return image ? image->info.platform : image.error().message;
}

TEST(Platforms, are_known_under_all_their_names) {
  EXPECT_EQ(parse_platform("linux/x86_64")->str(), "linux/amd64");
  EXPECT_EQ(parse_platform("Linux/aarch64/8")->str(), "linux/arm64");
  EXPECT_EQ(parse_platform("linux/arm64/v8")->str(), "linux/arm64");
  EXPECT_EQ(parse_platform("linux/arm")->str(), "linux/arm/v7");
  EXPECT_EQ(parse_platform("linux/armel")->str(), "linux/arm/v6");
  for (const char* bad : {"", "linux", "linux/", "/amd64", "a/b/c/d", "linux//v7", "linux/amd64 "}) {
    EXPECT_FALSE(parse_platform(bad)) << bad;
  }
}

TEST(Platforms, older_variants_serve_and_newer_ones_do_not) {
  const auto fits = [](const char* wanted, const char* has) {
    return fit(*parse_platform(wanted), *parse_platform(has));
  };
  EXPECT_EQ(fits("linux/arm/v7", "linux/arm/v6"), 1u);
  EXPECT_EQ(fits("linux/arm/v7", "linux/arm"), 0u);
  EXPECT_EQ(fits("linux/arm/v6", "linux/arm/v7"), std::nullopt);
  EXPECT_EQ(fits("linux/amd64/v3", "linux/amd64"), 2u);
  EXPECT_EQ(fits("linux/amd64", "linux/amd64/v2"), std::nullopt);
  EXPECT_EQ(fits("linux/arm64", "linux/arm/v7"), std::nullopt);
  EXPECT_EQ(fits("linux/amd64", "windows/amd64"), std::nullopt);
  EXPECT_EQ(fits("windows/amd64", "windows/amd64 10.0.1"), 0u);
  EXPECT_EQ(fits("windows/amd64 10.0.1", "windows/amd64 10.0.1"), 0u);
  EXPECT_EQ(fits("windows/amd64 10.0.1", "windows/amd64 10.0.17"), std::nullopt);
}

TEST(Names, are_matched_as_a_user_writes_them) {
  EXPECT_TRUE(is_named("docker.io/library/debian:8", "debian:8"));
  EXPECT_TRUE(is_named("debian:8", "8"));
  EXPECT_TRUE(is_named("localhost/x:1", "x:1"));
  EXPECT_TRUE(is_named("latest", "latest"));
  EXPECT_FALSE(is_named("debian:8", "debian"));
  EXPECT_FALSE(is_named("host:5000/x", "5000/x"));
}

TEST(Layouts, a_platform_is_picked_from_an_index_or_the_others_are_listed) {
  Layout layout;
  const std::string all = layout.image("arm64", on("arm64", "v8")) + "," +
                          layout.image("arm", on("arm", "v6")) + "," + layout.image("386", on("386", "")) +
                          "," + layout.image("x", R"(,"platform":{"os":"unknown","architecture":"unknown"})");
  const Store store = layout.store(layout.index(all));
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/arm64/v8"}, kLimits)), "linux/arm64");
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/arm/v7"}, kLimits)), "linux/arm/v6");
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/s390x"}, kLimits)),
            "no image for linux/s390x; there are: linux/386, linux/arm/v6, linux/arm64");
}

// "linux/arm64", or why it is not to be opened.
std::vector<std::string> entries_of(const Result<Image>& image) {
  std::vector<std::string> all;
  if (!image) return {image.error().message};
  for (const IndexEntry& one : image->entries)
    all.push_back(one.open ? one.platform + " " + platform_of(one.open())
                           : one.platform + ": " + one.why_not);
  return all;
}

TEST(Layouts, an_index_is_opened_with_all_that_it_lists) {
  const std::string unknown = R"(,"platform":{"os":"unknown","architecture":"unknown"})";
  const std::string attests =
      unknown + R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})";
  Layout layout;
  const std::string arm = layout.image("arm", on("arm", "v6"));
  const Store store = layout.store(layout.index(
      layout.image("arm64", on("arm64", "v8")) + "," + arm + "," + arm + "," + layout.image("x", unknown) +
      "," + layout.image("y", attests) + "," + layout.image("riscv64", "")));
  const Choice all{.all_platforms = true};
  EXPECT_EQ(entries_of(open_layout(store, all, kLimits)),
            (std::vector<std::string>{
                "linux/arm64 linux/arm64", "linux/arm/v6 linux/arm/v6",
                "linux/arm/v6: the same manifest as another one here",
                "unknown/unknown: its platform is unknown: an attestation, or what else is no image",
                "unknown/unknown: an attestation", "linux/riscv64 linux/riscv64"}));
  EXPECT_FALSE(open_layout(store, all, kLimits)->info.digest.empty());
  const Result<Image> one = open_layout(layout.store(arm), all, kLimits);
  EXPECT_TRUE(one->entries.empty());
  EXPECT_EQ(platform_of(one), "linux/arm/v6");
  EXPECT_EQ(entries_of(open_layout(layout.store(layout.index(layout.image("x", unknown))), all, kLimits)),
            std::vector<std::string>{"no image in it"});
}

TEST(Layouts, a_manifest_that_is_not_there_is_an_error_of_its_platform_only) {
  Layout layout;
  const std::string here = layout.image("arm64", on("arm64", ""));
  std::string gone = layout.image("amd64", on("amd64", ""));
  const std::string digest = "sha256:" + std::string(64, '7');
  gone.replace(gone.find("sha256:"), digest.size(), digest);
  EXPECT_EQ(entries_of(open_layout(layout.store(layout.index(gone + "," + here)), {.all_platforms = true},
                                   kLimits))[1],
            "linux/arm64 linux/arm64");
  const Result<Image> image =
      open_layout(layout.store(layout.index(gone + "," + here)), {.platform = "linux/amd64"}, kLimits);
  EXPECT_TRUE(!image &&
              image.error().message.starts_with("lists an image for linux/amd64 that it does not hold: "));
}

TEST(Layouts, platforms_that_the_index_does_not_say_are_read_from_the_configurations) {
  Layout layout;
  const Store store = layout.store(layout.image("arm64", "") + "," + layout.image("riscv64", ""));
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/riscv64"}, kLimits)), "linux/riscv64");
}

TEST(Layouts, one_image_is_taken_unless_another_platform_is_asked_for) {
  Layout layout;
  const Store store = layout.store(layout.image("mips64le", ""));
  EXPECT_EQ(platform_of(open_layout(store, {}, kLimits)), "linux/mips64le");
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/amd64"}, kLimits)),
            "no image for linux/amd64: it is for linux/mips64le");
}

TEST(Layouts, what_lies_beside_an_image_that_has_a_name_is_nothing_to_choose_from) {
  Layout layout;
  const std::string image = layout.image("amd64", tagged("x:1"));
  const std::string signature = layout.image("", "", "application/vnd.dev.cosign.simplesigning.v1+json");
  const std::string empty =
      R"("config":{"mediaType":"application/vnd.oci.empty.v1+json",)" + layout.add("{}") + "}";
  const std::string referrer = R"({"mediaType":"application/vnd.oci.image.manifest.v1+json",)" +
                               layout.add(R"({"schemaVersion":2,"artifactType":"application/spdx+json",)" +
                                          empty + R"(,"layers":[]})") +
                               "}";
  EXPECT_EQ(platform_of(open_layout(layout.store(referrer + "," + image + "," + signature), {}, kLimits)),
            "linux/amd64");
  const std::string other = layout.image("arm64", "");
  EXPECT_NE(platform_of(open_layout(layout.store(image + "," + other), {}, kLimits)).find("several images"),
            std::string::npos)
      << "an image all the same";
  std::set<std::string> read;
  const Store store = [&, all = layout.store(referrer + "," + image)](const std::string& name) {
    read.insert(name);
    return all(name);
  };
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "x:1"}, kLimits)), "linux/amd64");
  EXPECT_EQ(read.size(), 5u) << "oci-layout, the index, and what is of the image: its tag chooses";
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "y"}, kLimits)), "no image is called y; there are: :x:1");
}

TEST(Layouts, a_tag_or_digest_chooses_among_several_images) {
  Layout layout;
  const std::string one = layout.image("amd64", tagged("x:1")), two = layout.image("arm64", tagged("x:2"));
  const Store store = layout.store(one + "," + two);
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "x:2"}, kLimits)), "linux/arm64");
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "1"}, kLimits)), "linux/amd64");
  EXPECT_EQ(platform_of(open_layout(store, {}, kLimits)), "several images: choose one of :x:1, :x:2");
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "3"}, kLimits)),
            "no image is called 3; there are: :x:1, :x:2");
  const Digest digest = open_layout(store, {.tag = "x:2"}, kLimits)->info.digest;
  EXPECT_EQ(platform_of(open_layout(store, {.digest = digest}, kLimits)), "linux/arm64");
  const Store nested = layout.store(layout.index(layout.index(one + "," + two)));
  EXPECT_EQ(platform_of(open_layout(nested, {.digest = digest}, kLimits)), "linux/arm64");
  const Digest other{"sha256", std::string(64, '0')};
  EXPECT_EQ(open_layout(nested, {.digest = other}, kLimits).error().code, Errc::not_found);
}

TEST(Layouts, indexes_are_followed_eight_deep) {
  Layout layout;
  std::string at = layout.image("amd64", "");
  for (int i = 0; i < 8; ++i) at = layout.index(at);
  EXPECT_EQ(platform_of(open_layout(layout.store(at), {}, kLimits)), "linux/amd64");
  at = layout.index(at);
  EXPECT_EQ(open_layout(layout.store(at), {}, kLimits).error().code, Errc::limit);
}

TEST(Layouts, a_changed_blob_is_an_error_that_names_both_digests) {
  for (const char* what : {"config", "layers", "manifests"}) {
    Layout layout;
    const std::string child = layout.index(layout.image("amd64", ""));
    std::string was, is;
    for (auto& [name, bytes] : layout.blobs) {
      const bool hit = std::string_view(what) == "config" ? bytes.find("rootfs") != std::string::npos
                                                          : bytes.find(what) != std::string::npos;
      if (!hit) continue;
      was = name.substr(name.rfind('/') + 1);
      bytes.back() = ' ';
      is = hex_digest("sha256", bytes);
    }
    const Result<Image> image = open_layout(layout.store(child), {}, kLimits);
    ASSERT_FALSE(image) << what;
    EXPECT_EQ(image.error().code, Errc::mismatch) << what;
    EXPECT_NE(image.error().message.find("expected sha256:" + was + ", got sha256:" + is), std::string::npos)
        << image.error().message;
  }
}

TEST(Layouts, a_missing_or_shorter_layer_is_an_error_before_anything_is_read) {
  for (const std::string change : {"missing", "shorter"}) {
    Layout layout;
    const std::string child = layout.image("amd64", "");
    const std::string blob = "blobs/sha256/" + hex_digest("sha256", "layer of amd64");
    change == "missing" ? void(layout.blobs.erase(blob)) : void(layout.blobs[blob].pop_back());
    const Result<Image> image = open_layout(layout.store(child), {}, kLimits);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, change == "missing" ? Errc::not_found : Errc::mismatch);
    EXPECT_TRUE(image.error().message.starts_with("layer 1 of 1 (sha256:")) << image.error().message;
  }
}

TEST(Layouts, layers_that_cannot_be_read_are_notes) {
  const std::string oci = "application/vnd.oci.image.layer.";
  for (const std::string& type :
       {oci + "v1.tar+gzip+encrypted", oci + "v1.tar+lz4", std::string("text/plain")}) {
    Layout layout;
    const Result<Image> image = open_layout(layout.store(layout.image("amd64", "", type)), {}, kLimits);
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_FALSE(image->layers.front());
    ASSERT_EQ(image->notes.size(), 1u);
    EXPECT_EQ(image->notes.front().why, Why::unsupported);
    EXPECT_NE(image->notes.front().what.find(type), std::string::npos);
  }
  Layout layout;
  const std::string foreign = layout.image("amd64", "", oci + "nondistributable.v1.tar+gzip");
  EXPECT_TRUE(open_layout(layout.store(foreign), {}, kLimits)->layers.front()) << "it is there: read it";
  layout.blobs.erase("blobs/sha256/" + hex_digest("sha256", "layer of amd64"));
  EXPECT_FALSE(open_layout(layout.store(foreign), {}, kLimits)->layers.front());
}

}  // namespace
}  // namespace peekr
