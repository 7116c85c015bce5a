// SPDX-License-Identifier: Apache-2.0
// Fixtures: in/ is the image as a folder; the rows that are archives get it packed. An optional file `ref`
// beside it has what follows the path (":tag") in its first line and the platform in its second.
#include "source/source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "../../tests/fixture.h"
#include "base/text.h"
#include "lib/digest.h"
#include "source/archive.h"
#include "source/layout.h"
#include "source/target.h"

namespace peekr {
namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, std::string_view bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

// A ustar header and its body, padded.
std::string tar_entry(const std::string& name, char type, std::string_view body, const std::string& link) {
  std::string header(512, '\0');
  const auto put = [&](std::size_t at, std::string_view text) { header.replace(at, text.size(), text); };
  const auto octal = [](std::size_t value, std::size_t digits) {
    std::string text(digits, '0');
    for (; value > 0; value >>= 3u) text[--digits] = static_cast<char>('0' + value % 8);
    return text;
  };
  put(0, name);
  put(100, "0000644");
  put(124, octal(body.size(), 11));
  header[156] = type;
  put(157, link);
  put(257, std::string_view("ustar\00000", 8));
  put(148, "        ");
  std::size_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put(148, octal(sum, 6) + '\0');
  header += body;
  header.resize((header.size() + 511) / 512 * 512);
  return header;
}

std::string file_entry(const std::string& name, std::string_view body) {
  return tar_entry(name, '0', body, "");
}
std::string link_entry(const std::string& name, const std::string& link) {
  return tar_entry(name, '2', "", link);
}
const std::string kEnd(1024, '\0');

std::string packed(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) all.push_back(entry.path());
  std::ranges::sort(all);
  std::string tar;
  for (const fs::path& path : all) {
    const std::string name = fs::relative(path.parent_path(), folder) / path.filename();
    if (fs::is_symlink(path)) {
      tar += link_entry(name, fs::read_symlink(path));
    } else if (fs::is_regular_file(path)) {
      tar += file_entry(name, fixture::slurp(path));
    }
  }
  return tar + kEnd;
}

class Sources : public testing::Test {
 protected:
  void SetUp() override {
    const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() / ("peekr-source-" + std::to_string(::getpid()) + "-" + test->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string place(const std::string& name, std::string_view bytes) {
    write(folder_ / name, bytes);
    return folder_ / name;
  }

  fs::path folder_;
  Limits limits_;
};

std::string lines(const Image& image) {
  const ImageInfo& info = image.info;
  std::string text = "kind " + info.kind + "\nplatform " + info.platform + "\ntag " + info.tag + "\ndigest " +
                     info.digest.str() + "\nid " + info.id.str() + "\n";
  for (const auto& [key, value] : info.labels) text += "label " + key + "=" + value + "\n";
  for (std::size_t i = 0; i < info.layers.size(); ++i) {
    const LayerInfo& layer = info.layers[i];
    text += "layer " + layer.digest.str() + " " + layer.diff_id.str() + " " + layer.media_type + " " +
            std::to_string(layer.size) + (image.layers[i] ? " readable: " : " unreadable: ") +
            layer.created_by + "\n";
  }
  if (!image.folder.empty()) text += "folder\n";
  for (const Note& note : image.notes)
    text += "note " + std::string(name(note.why)) + ": " + note.what + "\n";
  return text;
}

std::string message(const Result<Image>& image) {
  return image ? "opened:\n" + lines(*image) : image.error().message;
}

void without(std::string& text, const std::string& what) {
  for (std::size_t at; (at = text.find(what)) != std::string::npos;) text.erase(at, what.size());
}

void run_fixture(const fixture::Case& one) {
  const std::vector<std::string> ref = [&] {
    std::vector<std::string> all(2);
    if (!fs::exists(one.folder / "ref")) return all;
    std::ifstream in(one.folder / "ref");
    for (std::string& line : all) std::getline(in, line);
    return all;
  }();
  std::string path = one.folder / "in";
  const fs::path tar =
      fs::temp_directory_path() / ("peekr-" + one.row + one.name + std::to_string(::getpid()));
  if (one.row.ends_with("archive")) {
    write(tar, packed(path));
    path = tar;
  }
  const std::string forced = one.row == "dir" ? "dir:" : "";  // never guessed
  const Result<Image> image = open_image({forced + path + ref[0], ref[1]}, Limits());
  std::string got = image ? lines(*image) : "error " + image.error().message + "\n";
  without(got, path);
  fixture::expect(one, got);
  fs::remove(tar);
}

[[maybe_unused]] const bool kRegistered = fixture::register_all("source", run_fixture);

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

TEST_F(Sources, a_path_may_hold_colons) {
  const std::string path = place("a:b.tar", "");
  EXPECT_EQ(split_target(path)->tag, "");
  EXPECT_EQ(split_target(path + ":repo/x:1")->tag, "repo/x:1");
  EXPECT_EQ(split_target(path + ":repo/x:1")->path, path);
  const std::string hex(64, '7');
  EXPECT_EQ(split_target(path + "@sha256:" + hex)->digest.hex, hex);
  EXPECT_EQ(split_target(path + ":t@sha256:" + hex)->tag, "t");
  EXPECT_EQ(split_target(path + ":").error().code, Errc::usage);
  EXPECT_EQ(split_target(path + "@sha256:7").error().code, Errc::damaged);
  EXPECT_EQ(split_target(folder_ / "none:1").error().code, Errc::not_found);
}

TEST_F(Sources, what_is_not_there_yet_is_said) {
  EXPECT_NE(message(open_image({"docker-daemon:debian:8", ""}, limits_)).find("docker-archive:"),
            std::string::npos);
}

TEST_F(Sources, a_file_stands_before_an_image_of_its_name) {
  for (const char* path : {"./debian:8", "/debian:8", "../none", "none.tar", "none.tar.gz", "none.tgz"})
    EXPECT_NE(message(open_image({path, ""}, limits_)).find("no such file"), std::string::npos) << path;
  EXPECT_NE(message(open_image({"No Image", ""}, limits_)).find("no image reference"), std::string::npos);
  const std::string folder = folder_ / "debian";
  fs::create_directories(folder);
  EXPECT_NE(message(open_image({folder + ":12", ""}, limits_)).find("registry: in front"), std::string::npos);
  const std::string text = place("notes.txt", "not an archive");
  EXPECT_NE(message(open_image({text, ""}, limits_)).find("not an image archive"), std::string::npos);
}

TEST_F(Sources, a_platform_is_picked_from_an_index_or_the_others_are_listed) {
  Layout layout;
  const std::string all = layout.image("arm64", on("arm64", "v8")) + "," +
                          layout.image("arm", on("arm", "v6")) + "," + layout.image("386", on("386", "")) +
                          "," + layout.image("x", R"(,"platform":{"os":"unknown","architecture":"unknown"})");
  const Store store = layout.store(layout.index(all));
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/arm64/v8"}, limits_)), "linux/arm64");
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/arm/v7"}, limits_)), "linux/arm/v6");
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/s390x"}, limits_)),
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

TEST_F(Sources, an_index_is_opened_with_all_that_it_lists) {
  const std::string unknown = R"(,"platform":{"os":"unknown","architecture":"unknown"})";
  const std::string attests =
      unknown + R"(,"annotations":{"vnd.docker.reference.type":"attestation-manifest"})";
  Layout layout;
  const std::string arm = layout.image("arm", on("arm", "v6"));
  const Store store = layout.store(layout.index(
      layout.image("arm64", on("arm64", "v8")) + "," + arm + "," + arm + "," + layout.image("x", unknown) +
      "," + layout.image("y", attests) + "," + layout.image("riscv64", "")));
  const Choice all{.all_platforms = true};
  EXPECT_EQ(entries_of(open_layout(store, all, limits_)),
            (std::vector<std::string>{
                "linux/arm64 linux/arm64", "linux/arm/v6 linux/arm/v6",
                "linux/arm/v6: the same manifest as another one here",
                "unknown/unknown: its platform is unknown: an attestation, or what else is no image",
                "unknown/unknown: an attestation", "linux/riscv64 linux/riscv64"}));
  EXPECT_FALSE(open_layout(store, all, limits_)->info.digest.empty());
  const Result<Image> one = open_layout(layout.store(arm), all, limits_);
  EXPECT_TRUE(one->entries.empty());
  EXPECT_EQ(platform_of(one), "linux/arm/v6");
  EXPECT_EQ(entries_of(open_layout(layout.store(layout.index(layout.image("x", unknown))), all, limits_)),
            std::vector<std::string>{"no image in it"});
}

TEST_F(Sources, a_manifest_that_is_not_there_is_an_error_of_its_platform_only) {
  Layout layout;
  const std::string here = layout.image("arm64", on("arm64", ""));
  std::string gone = layout.image("amd64", on("amd64", ""));
  const std::string digest = "sha256:" + std::string(64, '7');
  gone.replace(gone.find("sha256:"), digest.size(), digest);
  EXPECT_EQ(entries_of(open_layout(layout.store(layout.index(gone + "," + here)), {.all_platforms = true},
                                   limits_))[1],
            "linux/arm64 linux/arm64");
}

TEST_F(Sources, platforms_that_the_index_does_not_say_are_read_from_the_configurations) {
  Layout layout;
  const Store store = layout.store(layout.image("arm64", "") + "," + layout.image("riscv64", ""));
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/riscv64"}, limits_)), "linux/riscv64");
}

TEST_F(Sources, one_image_is_taken_unless_another_platform_is_asked_for) {
  Layout layout;
  const Store store = layout.store(layout.image("mips64le", ""));
  EXPECT_EQ(platform_of(open_layout(store, {}, limits_)), "linux/mips64le");
  EXPECT_EQ(platform_of(open_layout(store, {.platform = "linux/amd64"}, limits_)),
            "no image for linux/amd64: it is for linux/mips64le");
}

TEST_F(Sources, what_lies_beside_an_image_that_has_a_name_is_nothing_to_choose_from) {
  Layout layout;
  const std::string image = layout.image("amd64", tagged("x:1"));
  const std::string signature = layout.image("", "", "application/vnd.dev.cosign.simplesigning.v1+json");
  const std::string empty =
      R"("config":{"mediaType":"application/vnd.oci.empty.v1+json",)" + layout.add("{}") + "}";
  const std::string referrer = R"({"mediaType":"application/vnd.oci.image.manifest.v1+json",)" +
                               layout.add(R"({"schemaVersion":2,"artifactType":"application/spdx+json",)" +
                                          empty + R"(,"layers":[]})") +
                               "}";
  EXPECT_EQ(platform_of(open_layout(layout.store(referrer + "," + image + "," + signature), {}, limits_)),
            "linux/amd64");
  const std::string other = layout.image("arm64", "");
  EXPECT_NE(platform_of(open_layout(layout.store(image + "," + other), {}, limits_)).find("several images"),
            std::string::npos)
      << "an image all the same";
  std::set<std::string> read;
  const Store store = [&, all = layout.store(referrer + "," + image)](const std::string& name) {
    read.insert(name);
    return all(name);
  };
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "x:1"}, limits_)), "linux/amd64");
  EXPECT_EQ(read.size(), 5u) << "oci-layout, the index, and what is of the image: its tag chooses";
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "y"}, limits_)), "no image is called y; there are: :x:1");
}

TEST_F(Sources, a_tag_or_digest_chooses_among_several_images) {
  Layout layout;
  const std::string one = layout.image("amd64", tagged("x:1")), two = layout.image("arm64", tagged("x:2"));
  const Store store = layout.store(one + "," + two);
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "x:2"}, limits_)), "linux/arm64");
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "1"}, limits_)), "linux/amd64");
  EXPECT_EQ(platform_of(open_layout(store, {}, limits_)), "several images: choose one of :x:1, :x:2");
  EXPECT_EQ(platform_of(open_layout(store, {.tag = "3"}, limits_)),
            "no image is called 3; there are: :x:1, :x:2");
  const Digest digest = open_layout(store, {.tag = "x:2"}, limits_)->info.digest;
  EXPECT_EQ(platform_of(open_layout(store, {.digest = digest}, limits_)), "linux/arm64");
  const Store nested = layout.store(layout.index(layout.index(one + "," + two)));
  EXPECT_EQ(platform_of(open_layout(nested, {.digest = digest}, limits_)), "linux/arm64");
  const Digest other{"sha256", std::string(64, '0')};
  EXPECT_EQ(open_layout(nested, {.digest = other}, limits_).error().code, Errc::not_found);
}

TEST_F(Sources, indexes_are_followed_eight_deep) {
  Layout layout;
  std::string at = layout.image("amd64", "");
  for (int i = 0; i < 8; ++i) at = layout.index(at);
  EXPECT_EQ(platform_of(open_layout(layout.store(at), {}, limits_)), "linux/amd64");
  at = layout.index(at);
  EXPECT_EQ(open_layout(layout.store(at), {}, limits_).error().code, Errc::limit);
}

TEST_F(Sources, a_changed_blob_is_an_error_that_names_both_digests) {
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
    const Result<Image> image = open_layout(layout.store(child), {}, limits_);
    ASSERT_FALSE(image) << what;
    EXPECT_EQ(image.error().code, Errc::mismatch) << what;
    EXPECT_NE(image.error().message.find("expected sha256:" + was + ", got sha256:" + is), std::string::npos)
        << image.error().message;
  }
}

TEST_F(Sources, a_missing_or_shorter_layer_is_an_error_before_anything_is_read) {
  for (const std::string change : {"missing", "shorter"}) {
    Layout layout;
    const std::string child = layout.image("amd64", "");
    const std::string blob = "blobs/sha256/" + hex_digest("sha256", "layer of amd64");
    change == "missing" ? void(layout.blobs.erase(blob)) : void(layout.blobs[blob].pop_back());
    const Result<Image> image = open_layout(layout.store(child), {}, limits_);
    ASSERT_FALSE(image);
    EXPECT_EQ(image.error().code, change == "missing" ? Errc::not_found : Errc::mismatch);
    EXPECT_TRUE(image.error().message.starts_with("layer 0 (sha256:")) << image.error().message;
  }
}

TEST_F(Sources, layers_that_cannot_be_read_are_notes) {
  const std::string oci = "application/vnd.oci.image.layer.";
  for (const std::string& type :
       {oci + "v1.tar+gzip+encrypted", oci + "v1.tar+lz4", std::string("text/plain")}) {
    Layout layout;
    const Result<Image> image = open_layout(layout.store(layout.image("amd64", "", type)), {}, limits_);
    ASSERT_TRUE(image) << image.error().message;
    EXPECT_FALSE(image->layers.front());
    ASSERT_EQ(image->notes.size(), 1u);
    EXPECT_EQ(image->notes.front().why, Why::unsupported);
    EXPECT_NE(image->notes.front().what.find(type), std::string::npos);
  }
  Layout layout;
  const std::string foreign = layout.image("amd64", "", oci + "nondistributable.v1.tar+gzip");
  EXPECT_TRUE(open_layout(layout.store(foreign), {}, limits_)->layers.front()) << "it is there: read it";
  layout.blobs.erase("blobs/sha256/" + hex_digest("sha256", "layer of amd64"));
  EXPECT_FALSE(open_layout(layout.store(foreign), {}, limits_)->layers.front());
}

constexpr std::string_view kConfig = R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}})";

TEST_F(Sources, names_in_an_archive_are_only_keys) {
  const std::string tar = place(
      "x.tar",
      file_entry("./manifest.json", R"([{"Config":"../../c","RepoTags":null,"Layers":["l/layer.tar"]}])") +
          file_entry("c", kConfig) + link_entry("l/layer.tar", "../../../etc/passwd") +
          file_entry("etc/passwd", "the archive's own") + kEnd);
  const Result<Image> image = open_image({tar, ""}, limits_);
  ASSERT_TRUE(image) << image.error().message;
  const std::unique_ptr<ByteSource> layer = *image->layers.front()();
  EXPECT_EQ(*layer->next(), "the archive's own");
}

TEST_F(Sources, link_cycles_and_missing_members_are_errors) {
  const std::string manifest = R"([{"Config":"c","Layers":["a"]}])";
  const std::string tar = place("x.tar", file_entry("manifest.json", manifest) + file_entry("c", kConfig) +
                                             link_entry("a", "b") + link_entry("b", "a") + kEnd);
  EXPECT_EQ(message(open_image({tar, ""}, limits_)), tar + ": layer 0: a: not in the archive");
}

TEST_F(Sources, an_archive_that_ends_in_a_layer_is_cut_short) {
  const std::string whole = file_entry("manifest.json", R"([{"Config":"c","Layers":["a"]}])") +
                            file_entry("c", kConfig) + file_entry("a", std::string(5000, 'x'));
  const std::string tar = place("x.tar", whole.substr(0, whole.size() - 1024));
  EXPECT_EQ(message(open_image({tar, ""}, limits_)), tar + ": the archive is cut short in a");
}

TEST_F(Sources, an_archive_that_is_packed_as_no_image_is_says_so) {
  const std::string tar = place("x.tar", "BZh91AY&SY"), other = place("y.tar", std::string("\xFD"
                                                                                           "7zXZ\0",
                                                                                           6) +
                                                                                   "x");
  EXPECT_NE(message(open_image({tar, ""}, limits_)).find("packed with bzip2"), std::string::npos);
  EXPECT_NE(message(open_image({other, ""}, limits_)).find("packed with xz"), std::string::npos);
}

TEST_F(Sources, an_archive_that_is_cut_short_before_its_manifest_is_not_called_no_archive) {
  const std::string whole = file_entry("c", kConfig) + file_entry("a", std::string(5000, 'x')) +
                            file_entry("manifest.json", R"([{"Config":"c","Layers":["a"]}])") + kEnd;
  for (const std::size_t size : {1000u, 1500u, 2100u, 6000u}) {
    const std::string tar = place("x.tar", whole.substr(0, size));
    EXPECT_NE(message(open_image({tar, ""}, limits_)).find("cut short"), std::string::npos) << size;
  }
}

TEST_F(Sources, a_packed_layer_is_held_against_the_digest_that_its_name_in_the_archive_states) {
  const std::string plain = file_entry("a", "x") + kEnd;
  const std::string packed = place("layer.tar", plain);
  ASSERT_EQ(std::system(("gzip -nf '" + packed + "'").c_str()), 0);
  const std::string bytes = fixture::slurp(packed + ".gz");
  const auto opened = [&](const std::string& name, const std::string& layer) {
    return open_image(
        {place("x.tar", file_entry("manifest.json", R"([{"Config":"c","Layers":[")" + name + R"("]}])") +
                            file_entry("c", kConfig) + file_entry(name, layer) + kEnd),
         ""},
        limits_);
  };
  const Digest digest{"sha256", hex_digest("sha256", bytes)};
  EXPECT_EQ(opened("blobs/sha256/" + digest.hex, bytes)->info.layers[0].digest, digest);
  EXPECT_EQ(opened("blobs/sha256/" + digest.hex, plain)->info.layers[0].digest,
            Digest());  // all of it would have to be read
  EXPECT_EQ(opened(digest.hex + "/layer.tar", bytes)->info.layers[0].digest, Digest());
}

TEST_F(Sources, several_images_in_one_archive_are_told_apart_by_tag) {
  const std::string manifest = R"([{"Config":"c","RepoTags":["repo/x:1","repo/x:latest"],"Layers":[]},
                                   {"Config":"d","RepoTags":["repo/y:1"],"Layers":[]}])";
  const std::string tar =
      place("x.tar", file_entry("manifest.json", manifest) + file_entry("c", kConfig) +
                         file_entry("d", R"({"os":"linux","architecture":"s390x"})") + kEnd);
  EXPECT_EQ(message(open_image({tar, ""}, limits_)),
            tar + ": several images: choose one of :repo/x:1, :repo/x:latest, :repo/y:1");
  EXPECT_EQ(open_image({tar + ":repo/y:1", ""}, limits_)->info.platform, "linux/s390x");
  EXPECT_EQ(open_image({tar + ":latest", ""}, limits_)->info.tag, "repo/x:latest");
  EXPECT_EQ(message(open_image({tar + ":1", ""}, limits_)),
            tar + ": several images are called 1: choose one of :repo/x:1, :repo/x:latest, :repo/y:1");
  EXPECT_EQ(open_image({tar + ":repo/y:1", "linux/arm64"}, limits_).error().code, Errc::not_found);
}

TEST_F(Sources, an_image_that_is_asked_for_by_its_id_keeps_its_tag) {
  const std::string id = hex_digest("sha256", kConfig);
  const std::string manifest =
      R"([{"Config":")" + id + R"(.json","RepoTags":["repo/x:1","repo/x:2"],"Layers":[]}])";
  const std::string tar =
      place("x.tar", file_entry("manifest.json", manifest) + file_entry(id + ".json", kConfig) + kEnd);
  EXPECT_EQ(open_image({tar + "@sha256:" + id, ""}, limits_)->info.tag, "repo/x:1");
}

TEST_F(Sources, images_without_a_tag_are_told_apart_by_their_id) {
  const std::string other = R"({"os":"linux","architecture":"s390x"})";
  const std::string first = hex_digest("sha256", kConfig), second = hex_digest("sha256", other);
  const std::string manifest = R"([{"Config":")" + first +
                               R"(.json","RepoTags":null,"Layers":[]},{"Config":")" + second +
                               R"(.json","RepoTags":null,"Layers":[]}])";
  const std::string tar =
      place("x.tar", file_entry("manifest.json", manifest) + file_entry(first + ".json", kConfig) +
                         file_entry(second + ".json", other) + kEnd);
  EXPECT_EQ(message(open_image({tar, ""}, limits_)),
            tar + ": several images: choose one of @sha256:" + first + ", @sha256:" + second);
  EXPECT_EQ(open_image({tar + "@sha256:" + second, ""}, limits_)->info.platform, "linux/s390x");
  const std::string none = "sha256:" + std::string(64, '0');
  EXPECT_EQ(message(open_image({tar + "@" + none, ""}, limits_)),
            tar + ": no image has the id " + none + "; there are: @sha256:" + first + ", @sha256:" + second);
}

TEST_F(Sources, a_name_that_stands_twice_is_noted) {
  const std::string manifest = file_entry("manifest.json", R"([{"Config":"c","Layers":[]}])");
  const std::string tar = place("x.tar", manifest + manifest + file_entry("c", kConfig) + kEnd);
  const Result<Image> image = open_image({tar, ""}, limits_);
  ASSERT_TRUE(image);
  ASSERT_EQ(image->notes.size(), 1u);
  EXPECT_EQ(image->notes.front().what, "the archive holds manifest.json more than once");
}

TEST_F(Sources, a_compressed_archive_is_unpacked_within_its_limit) {
  const std::string tar =
      place("x.tar", file_entry("manifest.json", R"([{"Config":"c","Layers":["a"]}])") +
                         file_entry("c", kConfig) + file_entry("a", std::string(3'000'000, 'y')) + kEnd);
  ASSERT_EQ(std::system(("gzip -1 '" + tar + "'").c_str()), 0);
  const Result<Image> image = open_image({tar + ".gz", ""}, limits_);
  ASSERT_TRUE(image) << image.error().message;
  const std::unique_ptr<ByteSource> layer = *image->layers.front()();
  std::string all;
  for (std::string_view part; !(part = *layer->next()).empty();) all += part;
  EXPECT_EQ(all, std::string(3'000'000, 'y'));
  limits_.archive_bytes = 1'000'000;
  EXPECT_NE(message(open_image({tar + ".gz", ""}, limits_)).find("limit archive_bytes"), std::string::npos);
}

TEST_F(Sources, an_archive_whose_manifest_comes_last_is_recognised_within_the_users_limit) {
  const std::string tar =
      place("x.tar", file_entry("c", kConfig) + file_entry("a", std::string(3'000'000, 'y')) +
                         file_entry("manifest.json", R"([{"Config":"c","Layers":["a"]}])") + kEnd);
  ASSERT_EQ(std::system(("gzip -k -1 '" + tar + "'").c_str()), 0);
  limits_.archive_bytes = 1'000'000;
  EXPECT_EQ(message(open_image({tar + ".gz", ""}, limits_)),
            tar +
                ".gz: a compressed archive that unpacks to more than 1000000 bytes (limit archive_bytes): "
                "unpack it first");
  EXPECT_TRUE(open_image({tar, ""}, limits_)) << "of one that is not compressed only headers are read";
  limits_.archive_bytes = 4'000'000;
  EXPECT_TRUE(open_image({tar + ".gz", ""}, limits_));
  limits_.layer_bytes = 1'000'000;
  EXPECT_NE(message(open_image({tar + ".gz", ""}, limits_)).find("limit layer_bytes"), std::string::npos);
}

TEST_F(Sources, what_is_not_seen_within_the_users_limits_is_not_called_no_archive) {
  const std::string tar =
      place("x.tar", file_entry("c", kConfig) + file_entry("a", std::string(3'000'000, 'y')) + kEnd);
  ASSERT_EQ(std::system(("gzip -1 '" + tar + "'").c_str()), 0);
  EXPECT_NE(message(open_image({tar + ".gz", ""}, limits_)).find("not an image archive"), std::string::npos);
  limits_.archive_bytes = 1'000'000;
  EXPECT_NE(message(open_image({tar + ".gz", ""}, limits_)).find("limit archive_bytes"), std::string::npos);
}

TEST_F(Sources, an_archive_of_a_wide_window_is_recognised_where_the_user_allows_it) {
  const std::string tar =
      place("x.tar", file_entry("manifest.json", R"([{"Config":"c","Layers":["a"]}])") +
                         file_entry("c", kConfig) + file_entry("a", std::string(3'000'000, 'y')) + kEnd);
  ASSERT_EQ(std::system(("zstd -q --long=28 < '" + tar + "' > '" + tar + ".zst'").c_str()), 0);
  EXPECT_NE(message(open_image({tar + ".zst", ""}, limits_)).find("limit window_log"), std::string::npos);
  limits_.window_log = 28;
  EXPECT_TRUE(open_image({tar + ".zst", ""}, limits_));
}

TEST_F(Sources, what_lies_behind_an_archive_and_a_missing_end_are_noted) {
  const std::string whole =
      file_entry("manifest.json", R"([{"Config":"c","Layers":[]}])") + file_entry("c", kConfig);
  const auto notes = [&](const std::string& tar) {
    const Result<Image> image = open_image({place("x.tar", tar), ""}, limits_);
    std::string all;
    if (image)
      for (const Note& note : image->notes) all += note.what + ";";
    return image ? all : image.error().message;
  };
  EXPECT_EQ(notes(whole + kEnd + std::string(10240, '\0')), "");
  EXPECT_EQ(notes(whole + kEnd + "more"), "data behind the end of the archive;");
  EXPECT_EQ(notes(whole), "the archive has no end marker: it may have been cut short;");
}

TEST_F(Sources, documents_over_the_limit_are_not_read) {
  const std::string tar =
      place("x.tar", file_entry("manifest.json", "[" + std::string(2000, ' ') + "]") + kEnd);
  limits_.manifest_bytes = 1000;
  EXPECT_EQ(message(open_image({tar, ""}, limits_)),
            tar + ": manifest.json: 2002 bytes (limit manifest_bytes is 1000)");
}

// As Bazel's rules_oci lays them.
TEST_F(Sources, blobs_of_a_layout_folder_may_be_links_to_what_has_their_digest) {
  const fs::path layout = folder_ / "layout", outside = folder_ / "outside", blobs = layout / "blobs/sha256";
  fs::copy(fixture::root() / "source/oci_dir/typical/in", layout, fs::copy_options::recursive);
  fs::create_directory(outside);
  const auto open = [&] { return message(open_image({layout, "linux/arm64"}, limits_)); };
  const std::string plain = open();
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(blobs)) all.push_back(entry.path());
  for (const fs::path& blob : all) {
    fs::rename(blob, outside / blob.filename());
    fs::create_symlink(outside / blob.filename(), blob);
  }
  EXPECT_EQ(open(), plain);
  for (const fs::path& blob : all) {
    fs::remove(blob);
    fs::create_symlink("/dev/zero", blob);
  }
  EXPECT_NE(open().find("not a regular file"), std::string::npos) << open();
  for (const fs::path& blob : all) {
    fs::remove(blob);
    fs::create_symlink(layout / "index.json", blob);
  }
  EXPECT_NE(open(), plain) << "another digest";
}

TEST_F(Sources, no_link_leads_out_of_a_layout_folder) {
  const fs::path from = fixture::root() / "source" / "oci_dir" / "typical" / "in";
  for (const std::string link : {"index.json", "blobs", "blobs/sha256"}) {
    const fs::path layout = folder_ / (std::to_string(link.size()) + "layout"), outside = folder_ / "outside";
    fs::copy(from, layout, fs::copy_options::recursive);
    fs::remove_all(outside);
    fs::rename(layout / link, outside);
    fs::create_symlink(outside, layout / link);
    const std::string got = message(open_image({layout, "linux/arm64"}, limits_));
    EXPECT_NE(got.find("a symbolic link, which is not followed"), std::string::npos) << got;
  }
}

}  // namespace
}  // namespace peekr
