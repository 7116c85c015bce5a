// SPDX-License-Identifier: Apache-2.0
#include "image/toc.h"

#include <simdjson.h>

#include <algorithm>
#include <array>

#include "base/cursor.h"
#include "base/text.h"

namespace peekr {
namespace {

using simdjson::dom::element;

constexpr std::string_view kEstargz = "containerd.io/snapshot/stargz/toc.digest";
// The second one is that of older writers, such as the skopeo of Debian 12.
constexpr std::array<std::string_view, 2> kChunked = {"io.github.containers.zstd-chunked.",
                                                      "io.containers.zstd-chunked."};

// One object of "entries".
struct Fields {
  std::string_view name, type, link, digest, chunk_digest, chunk_type;
  std::uint64_t mode = 0, size = 0, offset = 0, end = 0, inner = 0, chunk_offset = 0, chunk_size = 0;
  std::uint32_t seen = 0;  // bit by bit: which rows of the tables below
};
struct TextField {
  std::string_view key;
  std::string_view Fields::* to;
};
struct NumberField {
  std::string_view key;
  std::uint64_t Fields::* to;
};
constexpr std::array kTexts = {
    TextField{"name", &Fields::name},
    TextField{"type", &Fields::type},
    TextField{"linkName", &Fields::link},
    TextField{"digest", &Fields::digest},
    TextField{"chunkDigest", &Fields::chunk_digest},
    TextField{"chunkType", &Fields::chunk_type},
};
constexpr std::array kNumbers = {
    NumberField{"mode", &Fields::mode},
    NumberField{"size", &Fields::size},
    NumberField{"offset", &Fields::offset},
    NumberField{"endOffset", &Fields::end},
    NumberField{"innerOffset", &Fields::inner},
    NumberField{"chunkOffset", &Fields::chunk_offset},
    NumberField{"chunkSize", &Fields::chunk_size},
};
constexpr std::size_t kModeRow = 0;

std::unexpected<Error> damaged(std::string_view what) {
  return fail(Errc::damaged, "table of contents: " + std::string(what));
}

// Go reads keys without regard to case, and takes two letters beyond ASCII for an s and a k: what is nearly one of ours is refused.
Status check_strange(std::string_view key, std::string_view known) {
  if (!equal_ignoring_case(key, known)) return {};
  return damaged("\"" + printable(key) + "\" is \"" + std::string(known) + "\" to some readers only");
}
Status check_ascii(std::string_view key) {
  if (std::ranges::all_of(key, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) return {};
  return damaged("a key that is not ASCII: \"" + printable(key) + "\"");
}

// None of the tables below, as it stands.
Status check_unknown(std::string_view key) {
  TRY(check_ascii(key));
  for (const TextField& one : kTexts) TRY(check_strange(key, one.key));
  for (const NumberField& one : kNumbers) TRY(check_strange(key, one.key));
  return {};
}

// A key that stands twice is refused: two readers would take different ones.
Status see(Fields& fields, std::size_t row, std::string_view key) {
  const std::uint32_t bit = 1u << row;
  if ((fields.seen & bit) != 0) return damaged("\"" + std::string(key) + "\" stands twice in one entry");
  fields.seen |= bit;
  return {};
}

Status read_field(std::string_view key, const element& value, Fields& fields) {
  if (value.is_null()) return check_ascii(key);
  const auto text = std::ranges::find(kTexts, key, &TextField::key);
  if (text != kTexts.end()) {
    TRY(see(fields, static_cast<std::size_t>(text - kTexts.begin()), key));
    if (value.get(fields.*text->to) == simdjson::SUCCESS) return {};
    return damaged(std::string(key) + ": not a text");
  }
  const auto number = std::ranges::find(kNumbers, key, &NumberField::key);
  if (number == kNumbers.end()) return check_unknown(key);
  const auto row = static_cast<std::size_t>(number - kNumbers.begin());
  TRY(see(fields, kTexts.size() + row, key));
  if (value.get(fields.*number->to) == simdjson::SUCCESS || row == kModeRow) return {};
  return damaged(std::string(key) + ": not a number of bytes");
}

Result<Fields> read_fields(const element& value) {
  simdjson::dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return damaged("an entry that is no object");
  Fields fields;
  for (const auto& [key, one] : object) TRY(read_field(key, one, fields));
  return fields;
}

TarEntry::Kind kind_of(std::string_view type) {
  using Kind = TarEntry::Kind;
  constexpr std::array<std::pair<std::string_view, Kind>, 7> kTypes = {{{"reg", Kind::file},
                                                                        {"dir", Kind::directory},
                                                                        {"symlink", Kind::symlink},
                                                                        {"hardlink", Kind::hard_link},
                                                                        {"char", Kind::device},
                                                                        {"block", Kind::device},
                                                                        {"fifo", Kind::device}}};
  const auto at = std::ranges::find(kTypes, type, &std::pair<std::string_view, Kind>::first);
  return at == kTypes.end() ? Kind::other : at->second;
}

// Puts entries together from what the objects of the document say, one after the other.
class TocReader {
 public:
  explicit TocReader(std::uint64_t payload) : payload_(payload) {}

  Status add(const Fields& fields) {
    if (fields.type != "chunk") {
      TRY(finish_file());
      TRY(add_entry(fields));
    } else if (toc_.entries.empty() || !is_file() || fields.name != toc_.entries.back().tar.name) {
      return damaged(printable(fields.name) + ": a chunk behind no file of that name");
    }
    return add_chunk(fields);
  }

  Result<Toc> finish() {
    TRY(finish_file());
    offsets_.push_back(payload_);
    std::ranges::sort(offsets_);
    for (Toc::Entry& entry : toc_.entries) bound(entry.chunks);
    return std::move(toc_);
  }

 private:
  [[nodiscard]] bool is_file() const { return toc_.entries.back().tar.kind == TarEntry::Kind::file; }

  std::unexpected<Error> wrong(const Toc::Entry& entry, std::string_view what) const {
    return damaged(printable(entry.tar.name) + ": " + std::string(what));
  }

  Status add_entry(const Fields& fields) {
    if (fields.name.empty() && fields.type != "dir") return damaged("an entry without a name");
    Toc::Entry& entry = toc_.entries.emplace_back();
    entry.tar.kind = kind_of(fields.type);
    entry.tar.name = fields.name;
    entry.tar.mode = static_cast<std::uint32_t>(fields.mode & 07777u);
    entry.tar.offset = toc_.entries.size() - 1;
    if (entry.tar.kind == TarEntry::Kind::symlink || entry.tar.kind == TarEntry::Kind::hard_link)
      entry.tar.link = fields.link;
    if (entry.tar.kind != TarEntry::Kind::file) return {};
    entry.tar.size = fields.size;
    entry.digest = fields.digest;
    return {};
  }

  // A chunk that does not say how long it is goes to the end of the file.
  Status add_chunk(const Fields& fields) {
    Toc::Entry& entry = toc_.entries.back();
    if (!is_file() || entry.tar.size == 0) return {};
    if (fields.chunk_offset != covered_ || covered_ >= entry.tar.size)
      return wrong(entry, "chunks that leave gaps, or overlap");
    const std::uint64_t left = entry.tar.size - covered_;
    if (fields.chunk_size > left) return wrong(entry, "a chunk goes beyond the end of the file");
    Toc::Chunk chunk{.offset = fields.offset,
                     .end = fields.end,
                     .inner = fields.inner,
                     .size = fields.chunk_size == 0 ? left : fields.chunk_size,
                     .digest = std::string(fields.chunk_digest),
                     .zeros = fields.chunk_type == "zeros"};
    covered_ += chunk.size;
    if (!chunk.zeros) {
      if (chunk.offset >= payload_) return wrong(entry, "its bytes lie outside of the layer");
      offsets_.push_back(chunk.offset);
    }
    entry.chunks.push_back(std::move(chunk));
    return {};
  }

  // The whole file before the next one begins.
  Status finish_file() {
    if (toc_.entries.empty() || !is_file()) return {};
    Toc::Entry& entry = toc_.entries.back();
    if (covered_ != entry.tar.size) return wrong(entry, "its chunks are not the whole file");
    covered_ = 0;
    return {};
  }

  // A chunk ends at the latest where the next one begins, of whatever file. Who says where one ends says it of the file as a whole,
  // in its first chunk.
  void bound(std::vector<Toc::Chunk>& chunks) const {
    const std::uint64_t stated = chunks.empty() ? 0 : chunks.front().end;
    for (Toc::Chunk& chunk : chunks) {
      if (chunk.zeros) continue;
      chunk.end = *std::ranges::upper_bound(offsets_, chunk.offset);
      if (&chunk == &chunks.back() && stated > chunk.offset) chunk.end = std::min(chunk.end, stated);
    }
  }

  std::uint64_t payload_;
  Toc toc_;
  std::vector<std::uint64_t> offsets_;  // of all chunks, and the end of the payload
  std::uint64_t covered_ = 0;           // of the last file, by its chunks so far
};

// What is asked of the document stands there once, in this case.
Status check_root(const element& root) {
  simdjson::dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return damaged("no object");
  std::size_t versions = 0, lists = 0;
  for (const auto& [key, value] : object) {
    TRY(check_ascii(key));
    versions += equal_ignoring_case(key, "version") ? 1 : 0;
    lists += equal_ignoring_case(key, "entries") ? 1 : 0;
  }
  return versions > 1 || lists > 1 ? Status(damaged("\"version\" or \"entries\" stands twice")) : Status();
}

std::string_view value_of(const std::map<std::string, std::string>& annotations, const std::string& key) {
  const auto at = annotations.find(key);
  return at == annotations.end() ? std::string_view() : std::string_view(at->second);
}

// "offset:length:uncompressed length:type"; only type 1 is known.
std::optional<TocPlace> chunked_place(const std::map<std::string, std::string>& annotations,
                                      std::string_view prefix) {
  const std::string before(prefix);
  const auto parts = split(value_of(annotations, before + "manifest-position"), ':');
  const Result<Digest> digest = Digest::parse(value_of(annotations, before + "manifest-checksum"));
  if (parts.size() != 4 || parts[3] != "1" || !digest) return std::nullopt;
  const auto offset = to_number(parts[0]), size = to_number(parts[1]);
  if (!offset || !size || *size == 0 || *offset > ~*size) return std::nullopt;
  return TocPlace{TocPlace::Format::zstd_chunked, *digest, *offset, *size};
}

}  // namespace

std::optional<TocPlace> toc_place(const std::map<std::string, std::string>& annotations) {
  for (const std::string_view prefix : kChunked) {
    if (const std::optional<TocPlace> place = chunked_place(annotations, prefix)) return place;
  }
  const Result<Digest> digest = Digest::parse(value_of(annotations, std::string(kEstargz)));
  if (!digest) return std::nullopt;
  return TocPlace{TocPlace::Format::estargz, *digest};
}

// A gzip member without bytes, whose extra field has the offset: ID1 ID2 CM FLG MTIME(4) XFL OS, XLEN = 26, "SG", 22, 16 hex
// digits, "STARGZ", an empty block, CRC and size.
std::optional<std::uint64_t> toc_offset(std::string_view footer) {
  if (footer.size() != kFooterBytes) return std::nullopt;
  Cursor in(footer);
  const bool gzip = in.take(4) == "\x1f\x8b\x08\x04";
  in.skip(6);
  const bool field = in.le<std::uint16_t>() == 26 && in.take(2) == "SG" && in.le<std::uint16_t>() == 22;
  const std::optional<std::uint64_t> offset = to_number(in.take(16), 16);
  if (!gzip || !field || in.take(6) != "STARGZ") return std::nullopt;
  return offset;
}

Result<Toc> parse_toc(std::string_view json, std::uint64_t payload, const Limits& limits) {
  if (json.size() > kMostToc)
    return fail(Errc::limit, "table of contents: more than " + std::to_string(kMostToc) + " bytes");
  simdjson::dom::parser parser;
  element root;
  simdjson::dom::array all;
  std::uint64_t version = 0;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return damaged("not JSON");
  TRY(check_root(root));
  if (root["version"].get(version) != simdjson::SUCCESS || version != 1)
    return fail(Errc::unsupported, "table of contents: its version is not 1");
  if (root["entries"].get(all) != simdjson::SUCCESS) return damaged("no list of entries");
  if (all.size() > limits.entries)
    return fail(Errc::limit, "table of contents: more than " + std::to_string(limits.entries) +
                                 " entries (limit entries)");
  TocReader reader(payload);
  for (const element one : all) {
    const Fields fields = TRY(read_fields(one));
    TRY(reader.add(fields));
  }
  return reader.finish();
}

std::string as_in_table(std::string_view name) {
  if (simdjson::validate_utf8(name.data(), name.size())) return std::string(name);
  std::string all;
  while (!name.empty()) {
    std::size_t length = 1;  // of the next character
    while (length < std::min<std::size_t>(name.size(), 4) && !simdjson::validate_utf8(name.data(), length))
      ++length;
    const bool good = simdjson::validate_utf8(name.data(), length);
    if (!good) length = 1;
    all += good ? name.substr(0, length) : "\ufffd";
    name.remove_prefix(length);
  }
  return all;
}

}  // namespace peekr
