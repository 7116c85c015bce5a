// SPDX-License-Identifier: Apache-2.0
#include "catalog/executable.h"

#include <algorithm>
#include <array>

#include "base/cursor.h"

namespace peekr {
namespace {

constexpr std::size_t kMostParts = 65536;  // sections or load commands: an ELF's count has 16 bits

std::string_view slice(std::string_view bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset >= bytes.size()) return {};
  return bytes.substr(static_cast<std::size_t>(offset),
                      static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes.size() - offset)));
}

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

// Numbers of the file's byte order and word size.
class Numbers {
 public:
  Numbers(std::string_view bytes, std::endian order, bool wide) : in_(bytes), order_(order), wide_(wide) {}

  std::uint16_t half() {
    return order_ == std::endian::little ? in_.le<std::uint16_t>() : in_.be<std::uint16_t>();
  }
  std::uint32_t word() {
    return order_ == std::endian::little ? in_.le<std::uint32_t>() : in_.be<std::uint32_t>();
  }
  std::uint64_t xword() {
    return order_ == std::endian::little ? in_.le<std::uint64_t>() : in_.be<std::uint64_t>();
  }
  std::uint64_t address() { return wide_ ? xword() : word(); }
  Cursor& in() { return in_; }
  [[nodiscard]] bool wide() const { return wide_; }

 private:
  Cursor in_;
  std::endian order_;
  bool wide_;
};

std::string_view elf_arch(unsigned machine, bool wide, std::endian order) {
  const bool little = order == std::endian::little;
  switch (machine) {
    case 3: return "386";
    case 8: return wide ? (little ? "mips64le" : "mips64") : (little ? "mipsle" : "mips");
    case 21: return little ? "ppc64le" : "ppc64";
    case 22: return "s390x";
    case 40: return "arm";
    case 62: return "amd64";
    case 183: return "arm64";
    case 243: return wide ? "riscv64" : "";
    case 258: return wide ? "loong64" : "";
    default: return {};
  }
}

struct ElfHeader {
  std::uint64_t segments = 0, sections = 0;
  std::uint16_t segment_size = 0, segment_count = 0, section_size = 0, section_count = 0, names = 0;
};

struct ElfSegment {
  std::uint32_t type = 0, flags = 0;
  std::uint64_t offset = 0, address = 0, size = 0;
};
constexpr std::uint32_t kLoad = 1, kNote = 4, kExecutable = 1, kWritable = 2;

std::vector<ElfSegment> elf_segments(const ElfHeader& header, Numbers in) {
  std::vector<ElfSegment> all;
  for (std::uint64_t i = 0; i < header.segment_count; ++i) {
    in.in().seek(header.segments + i * header.segment_size);
    ElfSegment one{.type = in.word(), .flags = in.wide() ? in.word() : 0};
    one.offset = in.address();
    one.address = in.address();
    in.address();
    one.size = in.address();
    if (!in.wide()) {
      in.word();
      one.flags = in.word();
    }
    if (!in.in().ok()) break;
    all.push_back(one);
  }
  return all;
}

void elf_sections(std::string_view bytes, const ElfHeader& header, Numbers in, Executable& out) {
  constexpr std::uint32_t kNoBits = 8;
  std::vector<std::pair<std::uint32_t, Section>> all;  // with the place of the name
  for (std::uint64_t i = 0; i < header.section_count; ++i) {
    in.in().seek(header.sections + i * header.section_size);
    const std::uint32_t name = in.word(), type = in.word();
    const std::uint64_t flags = in.address(), address = in.address(), offset = in.address(),
                        size = in.address();
    if (!in.in().ok()) return;
    all.emplace_back(name,
                     Section{.address = address,
                             .writable = (flags & 1u) != 0,
                             .bytes = type == kNoBits ? std::string_view() : slice(bytes, offset, size)});
  }
  if (header.names >= all.size()) return;
  const std::string_view names = all[header.names].second.bytes;
  for (auto& [name, section] : all) {
    section.name = until_nul(slice(names, name, 256));
    out.sections.push_back(section);
  }
}

// What stands at the front of the file; `out` is told what kind of file it is.
std::optional<ElfHeader> elf_header(std::string_view bytes, Executable& out) {
  if (bytes.size() < 52 || bytes[4] < 1 || bytes[4] > 2 || bytes[5] < 1 || bytes[5] > 2) return std::nullopt;
  out = {.format = Executable::Format::elf,
         .order = bytes[5] == 1 ? std::endian::little : std::endian::big,
         .wide = bytes[4] == 2};
  Numbers in(bytes, out.order, out.wide);
  in.in().seek(18);
  out.arch = elf_arch(in.half(), out.wide, out.order);
  in.word();     // version
  in.address();  // entry
  ElfHeader header;
  header.segments = in.address();
  header.sections = in.address();
  in.word();  // flags
  in.half();  // size of this header
  header.segment_size = in.half();
  header.segment_count = in.half();
  header.section_size = in.half();
  header.section_count = in.half();
  header.names = in.half();
  return in.in().ok() ? std::optional(header) : std::nullopt;
}

std::optional<Executable> elf(std::string_view bytes) {
  Executable out;
  const std::optional<ElfHeader> header = elf_header(bytes, out);
  if (!header) return std::nullopt;
  const Numbers in(bytes, out.order, out.wide);
  for (const ElfSegment& one : elf_segments(*header, in)) {
    const std::string_view part = slice(bytes, one.offset, one.size);
    if (one.type == kLoad)
      out.segments.push_back(
          {.address = one.address, .writable = (one.flags & kWritable) != 0, .bytes = part});
    if (one.type == kNote) out.notes.push_back(part);
  }
  elf_sections(bytes, *header, in, out);
  return out;
}

std::optional<Executable> pe(std::string_view bytes) {
  Cursor in(bytes);
  in.seek(0x3C);
  in.seek(in.le<std::uint32_t>());
  if (in.take(4) != std::string_view("PE\0\0", 4)) return std::nullopt;
  Executable out{.format = Executable::Format::pe};
  const auto machine = in.le<std::uint16_t>();
  out.arch = machine == 0x14C ? "386" : machine == 0x8664 ? "amd64" : machine == 0xAA64 ? "arm64" : "";
  const auto count = in.le<std::uint16_t>();
  in.skip(12);
  const auto optional_size = in.le<std::uint16_t>();
  in.skip(2);
  Cursor optional(in.take(optional_size));
  const bool wide = optional.le<std::uint16_t>() == 0x20B;
  optional.skip(wide ? 22 : 26);
  const std::uint64_t base = wide ? optional.le<std::uint64_t>() : optional.le<std::uint32_t>();
  for (unsigned i = 0; i < count && in.ok(); ++i) {
    Section one{.name = until_nul(in.take(8))};
    in.skip(4);  // size in memory
    one.address = base + in.le<std::uint32_t>();
    const auto size = in.le<std::uint32_t>();
    one.bytes = slice(bytes, in.le<std::uint32_t>(), size);
    in.skip(12);
    one.writable = (in.le<std::uint32_t>() & 0x80000000u) != 0;
    if (in.ok()) out.sections.push_back(one);
  }
  out.segments = out.sections;
  return out;
}

void macho_segment(std::string_view bytes, Numbers in, Executable& out) {
  in.in().skip(16);  // name
  const std::uint64_t address = in.address();
  in.address();
  const std::uint64_t offset = in.address(), size = in.address();
  in.word();  // what it may be made
  const std::uint32_t protection = in.word();
  const std::uint32_t count = in.word();
  in.word();
  const bool writable = (protection & 2u) != 0;
  if (!in.in().ok()) return;
  out.segments.push_back({.address = address, .writable = writable, .bytes = slice(bytes, offset, size)});
  for (std::uint32_t i = 0; i < std::min<std::size_t>(count, kMostParts) && in.in().ok(); ++i) {
    Section one{.name = until_nul(in.in().take(16)), .writable = writable};
    in.in().skip(16);
    one.address = in.address();
    const std::uint64_t length = in.address();
    one.bytes = slice(bytes, in.word(), length);
    in.in().skip(in.wide() ? 28 : 24);
    if (in.in().ok()) out.sections.push_back(one);
  }
}

std::optional<Executable> macho(std::string_view bytes) {
  const auto magic = Cursor(bytes).be<std::uint32_t>();
  const bool little = (magic & 0xFFu) == 0xFE;
  const bool wide = little ? magic == 0xCFFAEDFE : magic == 0xFEEDFACF;
  Executable out{.format = Executable::Format::macho,
                 .order = little ? std::endian::little : std::endian::big};
  Numbers in(bytes, out.order, wide);
  in.word();
  const std::uint32_t machine = in.word();
  out.arch = machine == 0x01000007 ? "amd64" : machine == 0x0100000C ? "arm64" : "";
  in.in().skip(8);
  const std::uint32_t commands = in.word();
  in.in().skip(wide ? 12 : 8);
  for (std::uint32_t i = 0; i < std::min<std::size_t>(commands, kMostParts) && in.in().ok(); ++i) {
    const std::uint64_t start = in.in().position();
    const std::uint32_t type = in.word(), size = in.word();
    if (size < 8) break;
    if (type == 1 || type == 0x19)
      macho_segment(bytes, Numbers(slice(bytes, start + 8, size - 8), out.order, wide), out);
    in.in().seek(start + size);
  }
  return out;
}

// Universal: CAFEBABE, a count, then of each architecture kind, kind, offset, size, alignment.
std::vector<std::string_view> slices(std::string_view bytes) {
  Cursor in(bytes);
  in.skip(4);
  const auto count = in.be<std::uint32_t>();
  std::vector<std::string_view> all;
  for (std::uint32_t i = 0; i < std::min(count, 16u); ++i) {
    in.skip(8);
    const auto offset = in.be<std::uint32_t>(), size = in.be<std::uint32_t>();
    in.skip(4);
    if (in.ok()) all.push_back(slice(bytes, offset, size));
  }
  return all;
}

bool is_macho(std::string_view bytes) {
  const auto magic = Cursor(bytes).be<std::uint32_t>();
  return magic == 0xFEEDFACE || magic == 0xFEEDFACF || magic == 0xCEFAEDFE || magic == 0xCFFAEDFE;
}

std::optional<Executable> one(std::string_view bytes) {
  if (bytes.starts_with("\x7F"
                        "ELF"))
    return elf(bytes);
  if (bytes.starts_with("MZ")) return pe(bytes);
  if (is_macho(bytes)) return macho(bytes);
  return std::nullopt;
}

// What of an ELF file is loaded; nothing, where its headers do not stand in its first bytes.
std::vector<ElfSegment> loaded_segments(const File& file) {
  const std::string_view start = file.beginning();
  Executable of;
  if (!start.starts_with(kExecutableMagics[0].bytes)) return {};
  const std::optional<ElfHeader> header = elf_header(start, of);
  if (!header) return {};
  std::vector<ElfSegment> all = elf_segments(*header, Numbers(start, of.order, of.wide));
  if (all.size() < header->segment_count) return {};
  std::erase_if(all, [](const ElfSegment& one) { return one.type != kLoad; });
  return all;
}

}  // namespace

const Section* Executable::section(std::string_view name) const {
  const auto found = std::ranges::find(sections, name, &Section::name);
  return found == sections.end() ? nullptr : &*found;
}

std::string_view Executable::at(std::uint64_t address, std::uint64_t size) const {
  for (const Section& segment : segments) {
    if (address < segment.address || address - segment.address >= segment.bytes.size()) continue;
    const std::string_view rest = segment.bytes.substr(static_cast<std::size_t>(address - segment.address));
    return size <= rest.size() ? rest.substr(0, static_cast<std::size_t>(size)) : std::string_view();
  }
  return {};
}

std::vector<Executable> executables(std::string_view bytes) {
  std::vector<std::string_view> parts = {bytes};
  if (bytes.starts_with("\xCA\xFE\xBA\xBE")) parts = slices(bytes);
  std::vector<Executable> all;
  for (const std::string_view part : parts) {
    if (std::optional<Executable> parsed = one(part)) all.push_back(*std::move(parsed));
  }
  return all;
}

std::vector<Stretch> writable_data(const File& file) {
  const std::vector<Stretch> whole = {{0, file.bytes}};
  bool any = false;
  std::size_t left = file.bytes.size();
  std::vector<Stretch> data;
  for (const ElfSegment& one : loaded_segments(file)) {
    if ((one.flags & kWritable) == 0) continue;
    any = true;
    const std::uint64_t from = std::max(one.offset, file.offset), ahead = from - one.offset;
    const std::string_view bytes =
        slice(file.bytes, from - file.offset, one.size - std::min(ahead, one.size));
    if (bytes.size() > left) return whole;  // they overlap
    left -= bytes.size();
    if (!bytes.empty()) data.push_back({static_cast<std::size_t>(from - file.offset), bytes});
  }
  return any ? data : whole;
}

std::vector<Stretch> beside_code(const File& file) {
  std::vector<ElfSegment> segments = loaded_segments(file);
  std::ranges::sort(segments, {}, &ElfSegment::offset);
  const auto in_piece = [&](std::uint64_t at) {
    return static_cast<std::size_t>(std::clamp(at, file.offset, file.offset + file.bytes.size()) -
                                    file.offset);
  };
  std::vector<Stretch> all;
  std::size_t at = 0;  // in the piece: what lies before it is told
  const auto add_until = [&](std::size_t end) {
    if (at < end) all.push_back({at, file.bytes.substr(at, end - at)});
  };
  bool constants = false;
  std::uint64_t last = 0;  // where the segment before ends
  for (const ElfSegment& one : segments) {
    const std::uint32_t kind = one.flags & (kExecutable | kWritable);
    if (one.offset < last) return {{0, file.bytes}};  // they overlap
    last = one.offset + std::min(one.size, ~one.offset);
    constants = constants || kind == 0;
    if (kind != kExecutable) continue;
    add_until(in_piece(one.offset));
    at = in_piece(last);
  }
  add_until(file.bytes.size());
  return constants ? all : std::vector<Stretch>{{0, file.bytes}};
}

bool is_executable(std::string_view bytes) {
  if (bytes.starts_with(kExecutableMagics[0].bytes)) return true;
  const bool may_be = std::ranges::any_of(kExecutableMagics,
                                          [&](const Magic& magic) { return bytes.starts_with(magic.bytes); });
  return may_be && !executables(bytes).empty();
}

}  // namespace peekr
