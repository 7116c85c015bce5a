// SPDX-License-Identifier: Apache-2.0
// Fixtures: in/ is the image as a folder; the rows that are archives get it packed. An optional file `ref`
// beside it has what follows the path (":tag") in its first line and the platform in its second.
#include "source/source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "../../tests/fixture.h"
#include "base/file.h"
#include "base/text.h"
#include "lib/digest.h"
#include "source/archive.h"
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
constexpr std::string_view kConfig = R"({"os":"linux","architecture":"amd64","rootfs":{"diff_ids":[]}})";
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
  for (const auto& [target, said] :
       {std::pair("docker-daemon:debian:8", "docker:debian:8 here; there are "),
        std::pair("oci:lay:1", "oci-dir:lay:1 here"), std::pair("git:x", "is not there yet")})
    EXPECT_NE(message(open_image({target, ""}, limits_)).find(said), std::string::npos) << target;
}

TEST_F(Sources, a_file_stands_before_an_image_of_its_name) {
  for (const char* path : {"./debian:8", "/debian:8", "../none", "none.tar", "none.tar.gz", "none.tgz"})
    EXPECT_NE(message(open_image({path, ""}, limits_)).find("no such file"), std::string::npos) << path;
  EXPECT_NE(message(open_image({"No Image", ""}, limits_)).find("no image reference"), std::string::npos);
  const std::string folder = folder_ / "debian";
  fs::create_directories(folder);
  EXPECT_NE(message(open_image({folder + ":12", ""}, limits_)).find("registry: in front"), std::string::npos);
  const std::string redis = fs::path(place("redis/etc/x", "")).parent_path().parent_path();
  EXPECT_NE(message(open_image({redis + ":7", ""}, limits_)).find("registry: in front"), std::string::npos);
  EXPECT_NE(message(open_image({"-", ""}, limits_)).find("write the image to a file"), std::string::npos);
  EXPECT_EQ(message(open_image({"/dev/null", ""}, limits_)),
            "/dev/null: not a regular file, from which alone an image can be read: write it to one");
  const std::string exported =
      place("export.tar", file_entry(".dockerenv", "") + file_entry("etc/x", "") + kEnd);
  EXPECT_NE(message(open_image({exported, ""}, limits_)).find("unpack it into a folder"), std::string::npos);
  const std::string text = place("notes.txt", "not an archive");
  EXPECT_NE(message(open_image({text, ""}, limits_)).find("not an image archive"), std::string::npos);
}

TEST_F(Sources, what_may_be_a_file_is_asked_of_nobody_else) {
  const std::string nowhere = folder_ / "dangling", loop = folder_ / "loop", closed = folder_ / "closed";
  fs::create_symlink("none", nowhere);
  fs::create_symlink("loop", loop);
  fs::create_directories(closed + "/lay");
  fs::permissions(closed, fs::perms::none);
  const bool is_root = ::geteuid() == 0;  // who may look into anything
  if (is_root) ASSERT_EQ(::seteuid(65534), 0);
  const Result<Target> inside = split_target(closed + "/lay:1");
  const std::string folder = message(open_image({closed, ""}, limits_));
  if (is_root) ASSERT_EQ(::seteuid(0), 0);
  EXPECT_EQ(inside ? "" : inside.error().message, closed + "/lay:1: Permission denied");
  EXPECT_EQ(folder, closed + ": oci-layout: Permission denied");
  EXPECT_EQ(message(open_image({nowhere + ":1", ""}, limits_)),
            nowhere +
                ": a symbolic link to what is not there (docker:, podman: or registry: in front takes the "
                "image of that name)");
  EXPECT_NE(message(open_image({loop, ""}, limits_)).find("symbolic links"), std::string::npos);
  for (const std::string& one : {nowhere, loop, loop + "/a:1"})
    EXPECT_NE(split_target(one).error().code, Errc::not_found) << one;
  fs::permissions(closed, fs::perms::owner_all);
}

TEST_F(Sources, a_folder_that_holds_a_packed_image_is_no_folder_of_files) {
  place("skopeo/version", "Directory Transport Version: 1.1\n");
  place("skopeo/manifest.json", "{}");
  place("layout/oci-layout", "{}");
  place("layout/index.json", "{}");
  for (const std::string kind : {"", "dir:", "rootfs:"})
    EXPECT_NE(message(open_image({kind + std::string(folder_ / "skopeo"), ""}, limits_))
                  .find("skopeo copy dir:" + std::string(folder_ / "skopeo") + " oci-archive:"),
              std::string::npos)
        << kind;
  for (const std::string kind : {"dir:", "rootfs:"})
    EXPECT_NE(message(open_image({kind + std::string(folder_ / "layout"), ""}, limits_))
                  .find("oci-dir:" + std::string(folder_ / "layout")),
              std::string::npos)
        << kind;
}

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
  EXPECT_EQ(message(open_image({tar, ""}, limits_)), tar + ": layer 1 of 1: a: not in the archive");
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
  for (const std::string& name : {digest.hex + ".tar.gz", digest.str() + ".tar.gz", digest.str()})
    EXPECT_EQ(opened(name, bytes)->info.layers[0].digest, digest) << name;
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
  for (const std::string& name : {id + ".json", "sha256:" + id}) {
    const std::string manifest =
        R"([{"Config":")" + name + R"(","RepoTags":["repo/x:1","repo/x:2"],"Layers":[]}])";
    const std::string head = file_entry("manifest.json", manifest);
    const std::string tar = place("x.tar", head + file_entry(name, kConfig) + kEnd);
    const Result<Image> image = open_image({tar + "@sha256:" + id, ""}, limits_);
    EXPECT_EQ(image ? image->info.tag : image.error().message, "repo/x:1");
    const std::string other = place("y.tar", head + file_entry(name, R"({"os":"linux"})") + kEnd);
    EXPECT_NE(message(open_image({other, ""}, limits_)).find("expected sha256:" + id), std::string::npos)
        << name;
  }
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

TEST_F(Sources, a_compressed_archive_is_kept_within_its_limit_and_unpacked_anew_beyond) {
  const std::string tar =
      place("x.tar", file_entry("manifest.json", R"([{"Config":"c","Layers":["a"]}])") +
                         file_entry("c", kConfig) + file_entry("a", std::string(3'000'000, 'y')) + kEnd);
  ASSERT_EQ(std::system(("gzip -1 '" + tar + "'").c_str()), 0);
  const std::string packed = fixture::slurp(tar + ".gz");
  for (const std::uint64_t most : {4'000'000U, 1'000'000U, 1000U}) {
    limits_.archive_bytes = most;
    const Result<Image> image = open_image({tar + ".gz", ""}, limits_);
    ASSERT_TRUE(image) << image.error().message;
    for (int again = 0; again < 2; ++again) {
      const std::unique_ptr<ByteSource> layer = *image->layers.front()();
      std::string all;
      for (std::string_view part; !(part = *layer->next()).empty();) all += part;
      EXPECT_TRUE(all == std::string(3'000'000, 'y')) << most << " " << all.size();
    }
    const std::string cut = place("y.tar.gz", packed.substr(0, packed.size() - 5000));
    EXPECT_FALSE(open_image({cut, ""}, limits_)) << most;
  }
}

TEST_F(Sources, what_is_unpacked_anew_for_all_layers_of_an_archive_is_limited) {
  const std::string name = std::string(64, 'a') + ".tar.gz", plain = std::string(64, 'b') + ".tar.gz";
  const std::string manifest =
      R"([{"Config":"c","Layers":[")" + name + R"(",")" + plain + R"(",")" + name + R"("]}])";
  const std::string tar = place("x.tar", file_entry("manifest.json", manifest) + file_entry("c", kConfig) +
                                             file_entry(name, "\x1f\x8b" + std::string(1'500'000, 'y')) +
                                             file_entry(plain, std::string(1'500'000, 'y')) + kEnd);
  ASSERT_EQ(std::system(("gzip -1 '" + tar + "'").c_str()), 0);
  limits_.archive_bytes = 1'000'000;
  limits_.layer_bytes = 4'000'000;
  const Result<Image> image = open_image({tar + ".gz", ""}, limits_);
  ASSERT_TRUE(image) << "its layers are not unpacked for their first bytes: " << image.error().message;
  EXPECT_EQ(image->info.layers.at(0).digest.str(), "sha256:" + std::string(64, 'a'));
  EXPECT_TRUE(image->info.layers.at(1).digest.empty()) << "it is not packed";
  const auto read = [&](std::size_t layer) { return (*image->layers.at(layer)())->next(); };
  EXPECT_TRUE(read(0));
  EXPECT_TRUE(read(2));
  const Result<std::string_view> more = read(1);
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::limit);
  EXPECT_NE(more.error().message.find("limit archive_bytes is 1000000"), std::string::npos)
      << more.error().message;
  limits_.layers = 2;
  EXPECT_EQ(message(open_image({tar + ".gz", ""}, limits_)), tar + ".gz: 3 layers (limit layers is 2)");
}

TEST_F(Sources, an_archive_whose_manifest_comes_last_is_recognised_within_the_users_limit) {
  const std::string tar =
      place("x.tar", file_entry("c", kConfig) + file_entry("a/layer.tar", std::string(3'000'000, 'y')) +
                         file_entry("manifest.json", R"([{"Config":"c","Layers":["a/layer.tar"]}])") + kEnd);
  ASSERT_EQ(std::system(("gzip -k -1 '" + tar + "'").c_str()), 0);
  limits_.archive_bytes = 1'000'000;
  EXPECT_TRUE(open_image({tar + ".gz", ""}, limits_)) << "of what is not kept, too";
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
  EXPECT_NE(message(open_image({tar + ".gz", ""}, limits_)).find("not an image archive"), std::string::npos);
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
  EXPECT_NE(open().find(": a symbolic link to a file that has another digest"), std::string::npos) << open();
  const std::string other = hex_digest("sha256", read_file(layout / "index.json", 1 << 20).value_or(""));
  EXPECT_EQ(open().find(other), std::string::npos) << open();
  EXPECT_EQ(open().find(std::to_string(fs::file_size(layout / "index.json"))), std::string::npos) << open();
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
