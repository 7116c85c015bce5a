// SPDX-License-Identifier: Apache-2.0
#include "catalog/rpm_header.h"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace peekr {
namespace {

using Texts = std::vector<std::string>;

constexpr std::uint32_t kInt16 = 3, kInt32 = 4, kString = 6, kBin = 7, kArray = 8, kI18n = 9;

std::string be32(std::uint32_t value) {
  std::string out;
  for (const unsigned shift : {24u, 16u, 8u, 0u}) out += static_cast<char>((value >> shift) & 0xFFu);
  return out;
}

// Builds header blobs.
class Blob {
 public:
  Blob& add(std::uint32_t tag, std::uint32_t type, std::uint32_t count, const std::string& data) {
    index_ += be32(tag) + be32(type) + be32(static_cast<std::uint32_t>(store_.size())) + be32(count);
    store_ += data;
    ++entries_;
    return *this;
  }
  Blob& text(std::uint32_t tag, const std::string& value) { return add(tag, kString, 1, value + '\0'); }
  Blob& texts(std::uint32_t tag, const Texts& values) {
    std::string data;
    for (const std::string& value : values) data += value + '\0';
    return add(tag, kArray, static_cast<std::uint32_t>(values.size()), data);
  }
  Blob& number(std::uint32_t tag, std::uint32_t value) { return add(tag, kInt32, 1, be32(value)); }
  [[nodiscard]] std::string bytes() const {
    return be32(entries_) + be32(static_cast<std::uint32_t>(store_.size())) + index_ + store_;
  }

 private:
  std::uint32_t entries_ = 0;
  std::string index_, store_;
};

Blob named() { return Blob().text(1000, "bash").text(1001, "5.1.8").text(1002, "6.el9_1"); }

RpmHeader read(const Blob& blob) {
  Result<RpmHeader> header = read_rpm_header(blob.bytes());
  EXPECT_TRUE(header) << header.error().message;
  return header ? *header : RpmHeader{};
}

std::string error(const std::string& bytes) {
  const Result<RpmHeader> header = read_rpm_header(bytes);
  return header ? "" : header.error().message;
}

TEST(RpmHeader, says_name_version_and_release) {
  const RpmHeader header = read(named());
  EXPECT_EQ(header.package.type, "rpm");
  EXPECT_EQ(header.package.name, "bash");
  EXPECT_EQ(header.package.version, "5.1.8-6.el9_1");
  EXPECT_EQ(header.package.epoch, std::nullopt);
  EXPECT_EQ(header.problem, "");
}

TEST(RpmHeader, has_the_epoch_0_only_where_the_tag_is_there) {
  EXPECT_EQ(read(named().number(1003, 0)).package.epoch, 0u);
  EXPECT_EQ(read(named().number(1003, 4294967295u)).package.epoch, 4294967295u);
}

TEST(RpmHeader, joins_folders_and_names_to_sorted_paths) {
  const RpmHeader header = read(named()
                                    .texts(1117, {"sh", "bash", "etc", "bash"})
                                    .add(1116, kInt32, 4, be32(1) + be32(1) + be32(0) + be32(1))
                                    .texts(1118, {"/", "/usr/bin/"}));
  EXPECT_EQ(header.package.files, (Texts{"etc", "usr/bin/bash", "usr/bin/sh"}));
  EXPECT_EQ(header.problem, "");
}

TEST(RpmHeader, reads_the_whole_paths_of_old_packages) {
  EXPECT_EQ(read(named().texts(1027, {"/bin/sh", "/bin/bash"})).package.files, (Texts{"bin/bash", "bin/sh"}));
}

TEST(RpmHeader, prefers_names_to_the_whole_paths) {
  const Blob blob = named().texts(1027, {"/old"}).texts(1117, {"new"}).number(1116, 0).texts(1118, {"/"});
  EXPECT_EQ(read(blob).package.files, Texts{"new"});
}

TEST(RpmHeader, owns_no_path_out_of_the_image) {
  const Blob blob = named().texts(1117, {"../../../etc/shadow"}).number(1116, 0).texts(1118, {"/usr/"});
  EXPECT_EQ(read(blob).package.files, Texts{"etc/shadow"});
}

TEST(RpmHeader, takes_what_the_installation_added_before_what_was_signed) {
  Blob blob = Blob().add(63, kBin, 16, std::string(16, '\0'));
  blob.text(1000, "bash").text(1001, "1").text(1011, "signed").text(1011, "added");
  EXPECT_EQ(read(blob).package.vendor, "added");
}

TEST(RpmHeader, reads_none_as_missing) {
  const RpmHeader header = read(named().text(1011, "(none)").text(1014, "(none)").text(1044, "(none)"));
  EXPECT_EQ(header.package.vendor, "");
  EXPECT_EQ(header.package.licenses, Texts{});
  EXPECT_EQ(header.package.source, "bash");
  EXPECT_EQ(header.package.source_version, "5.1.8-6.el9_1");
}

TEST(RpmHeader, reads_the_first_of_translated_texts) {
  EXPECT_EQ(read(named().add(1014, kI18n, 2, std::string("GPL\0GPL de\0", 11))).package.licenses,
            Texts{"GPL"});
}

TEST(RpmHeader, says_what_it_needs_and_provides) {
  const RpmHeader header =
      read(named()
               .texts(1049, {"/bin/sh", "libc.so.6(GLIBC_2.34)(64bit)", "libc.so.6()(64bit)",
                             "rpmlib(CompressedFileNames)", "config(bash)", "perl(Foo)",
                             "((langpacks >= 1 or fonts(x)) if glibc)"})
               .texts(5046, {"docs"})
               .texts(1047, {"bash", "libbash.so()(64bit)", "config(bash)"}));
  EXPECT_EQ(header.package.needs,
            (Texts{"/bin/sh", "docs", "langpacks|1|fonts(x)|glibc", "libc.so.6", "perl(Foo)"}));
  EXPECT_EQ(header.package.provides, (Texts{"bash", "libbash.so"}));
  EXPECT_EQ(header.problem, "");
}

TEST(RpmHeader, says_where_it_cannot_tell_what_is_needed) {
  EXPECT_EQ(read(named().add(1049, kArray, 3, "a")).problem, "what it needs: cannot be read");
  EXPECT_EQ(read(named().add(1047, kInt32, 1, be32(1))).problem, "what it needs: cannot be read");
  EXPECT_EQ(read(named().texts(1049, Texts(100'000, "b"))).problem, "what it needs: too much");
}

TEST(RpmHeader, is_an_error_when_it_cannot_say_of_which_package_it_is) {
  EXPECT_EQ(error(""), "header cut short");
  EXPECT_EQ(error(be32(0x10000000) + be32(0)), "header cut short");
  EXPECT_EQ(error(be32(0) + be32(1)), "header cut short");
  EXPECT_EQ(error(be32(0) + be32(0)), "no name");
  EXPECT_EQ(error(Blob().text(1000, "bash").bytes()), "bash: no version");
  EXPECT_EQ(error(Blob().text(1001, "1").number(1000, 1).bytes()), "no name");
  EXPECT_EQ(error(Blob().text(1001, "1").add(1000, kString, 1, "no end").bytes()), "no name");
}

TEST(RpmHeader, names_the_part_that_cannot_be_read) {
  EXPECT_EQ(read(named().add(1003, kInt16, 1, "xx")).problem, "epoch: cannot be read");
  EXPECT_EQ(read(named().add(1003, kInt32, 1, "xxx")).problem, "epoch: cannot be read");
  EXPECT_EQ(read(named().add(1014, kString, 1, "no end")).problem, "licence: cannot be read");
  EXPECT_EQ(read(named().text(1022, "x86_64").add(1011, kBin, 1, "x")).problem, "vendor: cannot be read");
}

TEST(RpmHeader, keeps_the_files_that_can_be_read) {
  const auto files = [](const Blob& blob) {
    const RpmHeader header = read(blob);
    EXPECT_EQ(header.problem, "owned files: cannot be read");
    return header.package.files;
  };
  // A folder that is not there, indexes for one name only, names that end early, no folders at all.
  EXPECT_EQ(files(named().texts(1118, {"/"}).texts(1117, {"a", "b"}).add(1116, kInt32, 2, be32(0) + be32(1))),
            Texts{"a"});
  EXPECT_EQ(files(named().texts(1118, {"/"}).texts(1117, {"a", "b"}).number(1116, 0)), Texts{"a"});
  EXPECT_EQ(
      files(named().texts(1118, {"/"}).add(1116, kInt32, 9, std::string(36, '\0')).add(1117, kArray, 9, "a")),
      Texts{});
  EXPECT_EQ(files(named().texts(1117, {"a"}).number(1116, 0)), Texts{});
}

TEST(RpmHeader, makes_no_more_text_of_paths_than_16_times_its_size) {
  const Texts names(20'000, "x");
  const Blob blob = named()
                        .texts(1118, {"/" + std::string(100'000, 'd') + "/"})
                        .texts(1117, names)
                        .add(1116, kInt32, 20'000, std::string(80'000, '\0'));
  const RpmHeader header = read(blob);
  EXPECT_EQ(header.problem, "owned files: their folders' names are too long");
  EXPECT_LE(header.package.files.size(), 40u);
}

TEST(RpmHeader, survives_every_truncation) {
  const std::string whole =
      named().texts(1117, {"bash"}).number(1116, 0).texts(1118, {"/usr/bin/"}).number(1003, 1).bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(error(whole.substr(0, size)), "header cut short");
  }
  EXPECT_EQ(error(whole), "");
}

TEST(RpmSource, is_in_the_name_of_the_source_package) {
  const auto source = [](std::string_view source_rpm) {
    Package package{.name = "own", .version = "1-2"};
    set_rpm_source(source_rpm, package);
    return package.source + " " + package.source_version;
  };
  EXPECT_EQ(source("glibc-2.34-60.el9.src.rpm"), "glibc 2.34-60.el9");
  EXPECT_EQ(source("java-1.8.0-openjdk-1.8.0.392.b08-4.el9.src.rpm"),
            "java-1.8.0-openjdk 1.8.0.392.b08-4.el9");
  EXPECT_EQ(source("jdk-1.8-1.8.0_391-fcs.nosrc.rpm"), "jdk-1.8 1.8.0_391-fcs");
  for (const std::string_view bad : {"", "(none)", "x.src.rpm", "x-1.src.rpm", "-1-1.src.rpm", "--", "-"}) {
    EXPECT_EQ(source(bad), "own 1-2") << bad;
  }
}

}  // namespace
}  // namespace peekr
