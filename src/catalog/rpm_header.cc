// SPDX-License-Identifier: Apache-2.0
// Header blobs (rpm.org: "RPM V4 Package format", "Header structure"), big endian, without the magic that
// they have in package files:
//
//   u32 entries, u32 store_size
//   entries × {u32 tag, u32 type, u32 offset, u32 count}     offset: into the store
//   store                                                    strings end with a NUL, arrays of them are a row
//
// The first entry may be a region (tag 62 or 63: what was signed). Entries behind the region were added by
// the installation and replace those of the same tag inside, so the last one of a tag counts.
#include "catalog/rpm_header.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "base/cursor.h"
#include "base/text.h"

namespace peekr {
namespace {

enum Tag : std::uint32_t {
  kName = 1000,
  kVersion = 1001,
  kRelease = 1002,
  kEpoch = 1003,
  kVendor = 1011,
  kLicense = 1014,
  kArch = 1022,
  kOldFilenames = 1027,
  kFileDigests = 1035,
  kSourceRpm = 1044,
  kProvideName = 1047,
  kRequireName = 1049,
  kDirIndexes = 1116,
  kBasenames = 1117,
  kDirNames = 1118,
  kFileDigestAlgorithm = 5011,
  kRecommendName = 5046,
  kModularityLabel = 5096,
};
constexpr std::array kTags = {kName,          kVersion,        kRelease,     kEpoch,
                              kVendor,        kLicense,        kArch,        kOldFilenames,
                              kFileDigests,   kSourceRpm,      kProvideName, kRequireName,
                              kDirIndexes,    kBasenames,      kDirNames,    kFileDigestAlgorithm,
                              kRecommendName, kModularityLabel};

enum Type : std::uint32_t { kInt32 = 4, kString = 6, kStringArray = 8, kI18nString = 9 };

// A folder's name is stored once for all its files: a long one before many short files would make far more
// text than there are bytes. A real header has over a hundred bytes for every file.
constexpr std::size_t kMaxExpansion = 16;

class Header {
 public:
  struct Entry {
    std::uint32_t type = 0, offset = 0, count = 0;
  };

  static std::optional<Header> parse(std::string_view blob) {
    Cursor in(blob);
    const auto entries = in.be<std::uint32_t>();
    const auto store_size = in.be<std::uint32_t>();
    Cursor index(in.take(std::uint64_t{entries} * kEntrySize));
    Header header;
    header.store_ = in.take(store_size);
    if (!in.ok()) return std::nullopt;
    while (!index.at_end()) {
      const auto tag = index.be<std::uint32_t>();
      const Entry entry{index.be<std::uint32_t>(), index.be<std::uint32_t>(), index.be<std::uint32_t>()};
      const auto at = std::ranges::find(kTags, tag);
      if (at != kTags.end()) header.entries_[static_cast<std::size_t>(at - kTags.begin())] = entry;
    }
    return header;
  }

  [[nodiscard]] bool has(Tag tag) const { return entry(tag).type != 0; }
  [[nodiscard]] std::uint32_t count(Tag tag) const { return entry(tag).count; }

  // At the first value of that tag; bad when its type is another.
  [[nodiscard]] Cursor values(Tag tag, std::initializer_list<Type> types) const {
    Cursor in(store_);
    const Entry found = entry(tag);
    in.seek(std::ranges::find(types, found.type) == types.end() ? UINT64_MAX : found.offset);
    return in;
  }

 private:
  static constexpr std::uint64_t kEntrySize = 16;
  [[nodiscard]] Entry entry(Tag tag) const {
    return entries_[static_cast<std::size_t>(std::ranges::find(kTags, tag) - kTags.begin())];
  }

  std::string_view store_;
  std::array<Entry, kTags.size()> entries_{};  // as in kTags; type 0: not there
};

// What rpm itself provides, and what each package needs of itself.
bool says_nothing(std::string_view name) {
  return name.empty() || name.starts_with("rpmlib(") || name.starts_with("config(");
}

// "libc.so.6(GLIBC_2.34)(64bit)": "libc.so.6"; whatever its version and architecture, it is that library.
std::string_view without_symbols(std::string_view name) {
  const std::size_t bracket = name.find('(');
  return name.substr(0, bracket).contains(".so") ? name.substr(0, bracket) : name;
}

// "(a >= 1 if (b or c))": "a|1|b|c": nobody here works out when it holds.
std::string names_of_condition(std::string_view text) {
  constexpr std::string_view kWords[] = {"and",     "or", "if", "else", "unless", "with",
                                         "without", "<",  "<=", "=",    ">=",     ">"};
  std::vector<std::string> all;
  for (std::string_view word : split(text, ' ')) {
    while (word.starts_with('(')) word.remove_prefix(1);
    while (word.ends_with(')') && std::ranges::count(word, ')') > std::ranges::count(word, '('))
      word.remove_suffix(1);
    if (!word.empty() && std::ranges::find(kWords, word) == std::end(kWords))
      all.emplace_back(without_symbols(word));
  }
  return join(all, "|");
}

class PackageReader {
 public:
  PackageReader(const Header& header, std::size_t size)
      : header_(header), budget_(size * kMaxExpansion), names_budget_(budget_) {}

  Result<RpmHeader> read() {
    Package& package = out_.package;
    package.type = "rpm";
    package.name = text(kName, "name");
    package.version = text(kVersion, "version");
    if (package.name.empty()) return fail(Errc::damaged, "no name");
    if (package.version.empty()) return fail(Errc::damaged, printable(package.name) + ": no version");
    if (const std::string_view release = text(kRelease, "release"); !release.empty()) {
      package.version.append("-").append(release);
    }
    read_epoch();
    package.arch = text(kArch, "architecture");
    package.vendor = text(kVendor, "vendor");
    package.modularity = text(kModularityLabel, "modularity label");
    if (const std::string_view license = text(kLicense, "licence"); !license.empty()) {
      package.licenses.emplace_back(license);
    }
    set_rpm_source(text(kSourceRpm, "source package"), package);
    read_files();
    read_names_of(kRequireName, package.needs);
    read_names_of(kRecommendName, package.needs);
    read_names_of(kProvideName, package.provides);
    return std::move(out_);
  }

 private:
  void problem(std::string_view what) {
    if (out_.problem.empty()) out_.problem = what;
  }

  std::string_view text(Tag tag, std::string_view what) {
    if (!header_.has(tag)) return {};
    Cursor in = header_.values(tag, {kString, kStringArray, kI18nString});
    const std::string_view value = in.until('\0');
    if (!in.ok()) problem(std::string(what) + ": cannot be read");
    return unless_none(trim(value));
  }

  void read_epoch() {
    if (!header_.has(kEpoch)) return;
    Cursor in = header_.values(kEpoch, {kInt32});
    const auto epoch = in.be<std::uint32_t>();
    if (!in.ok()) return problem("epoch: cannot be read");
    out_.package.epoch = epoch;
  }

  void read_names_of(Tag tag, std::vector<std::string>& all) {
    if (!header_.has(tag)) return;
    Cursor in = header_.values(tag, {kStringArray});
    for (std::uint32_t i = header_.count(tag); i > 0 && in.ok(); --i) {
      const std::string_view name = in.until('\0');
      if (says_nothing(name)) continue;
      if (name.size() + sizeof(std::string) > names_budget_) return problem("what it needs: too much");
      names_budget_ -= name.size() + sizeof(std::string);
      all.push_back(name.starts_with('(') ? names_of_condition(name) : std::string(without_symbols(name)));
    }
    if (!in.ok()) problem("what it needs: cannot be read");
    sort_unique(all);
  }

  // Packages from before rpm 4 have whole paths, the others folders and names.
  void read_files() {
    if (header_.has(kBasenames)) {
      read_names();
    } else if (header_.has(kOldFilenames)) {
      Cursor in = header_.values(kOldFilenames, {kStringArray});
      for (std::uint32_t i = header_.count(kOldFilenames); i > 0 && in.ok(); --i)
        add_file(in.until('\0'), {}, std::nullopt);
      if (!in.ok()) problem(kBadFiles);
    }
    sort_unique(out_.package.files);
  }

  void read_names() {
    const std::uint32_t count = header_.count(kBasenames);
    std::vector<std::string_view> folders;
    Cursor dirs = header_.values(kDirNames, {kStringArray});
    for (std::uint32_t i = header_.count(kDirNames); i > 0 && dirs.ok(); --i)
      folders.push_back(dirs.until('\0'));
    Cursor names = header_.values(kBasenames, {kStringArray});
    Cursor indexes = header_.values(kDirIndexes, {kInt32});
    Cursor digests = header_.values(kFileDigests, {kStringArray});
    const std::optional<Checksum::Kind> kind = digest_kind();
    const bool summed = kind && header_.count(kFileDigests) == count;
    if (!dirs.ok() || header_.count(kDirIndexes) != count) problem(kBadFiles);
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::string_view name = names.until('\0');
      const auto folder = indexes.be<std::uint32_t>();
      if (!names.ok() || !indexes.ok() || folder >= folders.size()) return problem(kBadFiles);
      add_file(folders[folder], name, summed ? Checksum::of_hex(*kind, digests.until('\0')) : std::nullopt);
    }
    std::ranges::sort(out_.package.checksums);
  }

  // OpenPGP's numbers (RFC 4880, 9.4); headers from before the tag have MD5. A digest that is none is passed over: so are those
  // of folders and links, which are empty.
  [[nodiscard]] std::optional<Checksum::Kind> digest_kind() const {
    if (!header_.has(kFileDigestAlgorithm)) return Checksum::Kind::md5;
    switch (header_.values(kFileDigestAlgorithm, {kInt32}).be<std::uint32_t>()) {
      case 1: return Checksum::Kind::md5;
      case 2: return Checksum::Kind::sha1;
      case 8: return Checksum::Kind::sha256;
      default: return std::nullopt;
    }
  }

  void add_file(std::string_view folder, std::string_view name, const std::optional<Checksum>& sum) {
    if (folder.size() + name.size() > budget_)
      return problem("owned files: their folders' names are too long");
    budget_ -= folder.size() + name.size();
    const Path path(std::string(folder).append(name));
    if (path.empty()) return;
    out_.package.files.push_back(path.str());
    if (sum) out_.package.checksums.push_back({file_key(path.str()), *sum});
  }

  static constexpr std::string_view kBadFiles = "owned files: cannot be read";

  const Header& header_;
  std::size_t budget_;        // bytes of paths
  std::size_t names_budget_;  // bytes of what is needed and provided
  RpmHeader out_;
};

}  // namespace

Result<RpmHeader> read_rpm_header(std::string_view blob) {
  const std::optional<Header> header = Header::parse(blob);
  if (!header) return fail(Errc::damaged, "header cut short");
  return PackageReader(*header, blob.size()).read();
}

std::string_view unless_none(std::string_view text) { return text == "(none)" ? std::string_view() : text; }

void set_rpm_source(std::string_view source_rpm, Package& package) {
  std::string_view stem = unless_none(source_rpm);
  for (const std::string_view ending : {".src.rpm", ".nosrc.rpm"}) {
    if (!stem.ends_with(ending)) continue;
    stem.remove_suffix(ending.size());
    break;
  }
  package.source = package.name;
  package.source_version = package.version;
  const std::size_t release = stem.rfind('-');
  if (release == std::string_view::npos || release == 0) return;
  const std::size_t version = stem.rfind('-', release - 1);
  if (version == std::string_view::npos || version == 0) return;
  package.source = stem.substr(0, version);
  package.source_version = stem.substr(version + 1);
}

}  // namespace peekr
