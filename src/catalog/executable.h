// SPDX-License-Identifier: Apache-2.0
// Executables as catalogers see them: the named and addressed parts of an ELF (gabi, elf(5)), PE ("PE Format" by
// Microsoft) or Mach-O file (mach-o/loader.h), also a universal one. Views into the file; what its headers say lies
// behind the end is cut off there, so a first piece can be parsed like a whole file.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/cataloger.h"

namespace peekr {

struct Section {
  std::string_view name;  // empty for an ELF segment
  std::uint64_t address = 0;
  bool writable = false;
  std::string_view bytes;
};

struct Executable {
  enum class Format { elf, pe, macho };
  Format format{};
  std::endian order = std::endian::little;
  bool wide = false;                    // ELF: of 64 bits
  std::string_view arch;                // as Go and OCI name it: "amd64"; empty: another
  std::vector<Section> sections;        // by name
  std::vector<Section> segments;        // what is loaded, by address; PE: the sections
  std::vector<std::string_view> notes;  // ELF: PT_NOTE segments

  [[nodiscard]] const Section* section(std::string_view name) const;
  // Loaded bytes; empty where there are not so many at that address.
  [[nodiscard]] std::string_view at(std::uint64_t address, std::uint64_t size) const;
};

// One for each architecture of a universal Mach-O file; none: it is no executable, or its headers are damaged.
[[nodiscard]] std::vector<Executable> executables(std::string_view bytes);

// What of the bytes of a program, or of one of its pieces, is loaded to be written: where variables are. All of them, where its headers
// do not say: it is no ELF file, or they do not stand in its first bytes.
struct Stretch {
  std::size_t at = 0;  // in the piece
  std::string_view bytes;
};
[[nodiscard]] std::vector<Stretch> writable_data(const File& file);
// What of them may be texts: all but the code of an ELF file whose constants lie in segments of their own, as linkers put them today.
[[nodiscard]] std::vector<Stretch> beside_code(const File& file);

// Whether a file, or its first piece, is an executable, a library or what these are made of. An ELF file is one however damaged.
[[nodiscard]] bool is_executable(std::string_view bytes);

// What executables begin with. CAFEBABE is a Java class file, too: there a number from 45 upwards stands where few architectures are counted.
inline constexpr std::array<Magic, 10> kExecutableMagics = {{{"\x7F"
                                                              "ELF"},
                                                             {"MZ"},
                                                             {"\xFE\xED\xFA\xCE"},
                                                             {"\xFE\xED\xFA\xCF"},
                                                             {"\xCE\xFA\xED\xFE"},
                                                             {"\xCF\xFA\xED\xFE"},
                                                             {{"\xCA\xFE\xBA\xBE\0\0\0\x01", 8}},
                                                             {{"\xCA\xFE\xBA\xBE\0\0\0\x02", 8}},
                                                             {{"\xCA\xFE\xBA\xBE\0\0\0\x03", 8}},
                                                             {{"\xCA\xFE\xBA\xBE\0\0\0\x04", 8}}}};

// A row that looks into every executable, piece by piece where it is large.
constexpr Cataloger executables_row(std::string_view name, std::string_view about,
                                    void (*run)(const File&, Inventory&)) {
  return {.name = name,
          .about = about,
          .version = 3,
          .wants = {},
          .magics = kExecutableMagics,
          .takes = Takes::pieces,
          .run = run};
}

}  // namespace peekr
