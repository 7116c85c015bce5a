// SPDX-License-Identifier: Apache-2.0
// For tests: tars and images made in memory.
#pragma once

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "image/tree.h"

namespace peekr::testing_layers {

struct Made {
  std::string name;
  char type = '0';  // tar type flag
  std::string body, link;
};

inline std::string octal(std::uint64_t value, int width) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", width - 1, static_cast<unsigned long long>(value));
  return {text.data(), static_cast<std::size_t>(width)};
}

inline void put(std::string& block, std::size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

inline void set_checksum(std::string& block) {
  put(block, 148, "        ");
  std::uint64_t sum = 0;
  for (const char c : block.substr(0, 512)) sum += static_cast<unsigned char>(c);
  put(block, 148, octal(sum, 7) + " ");
}

inline std::string header(const Made& made, std::uint64_t size) {
  std::string block(512, '\0');
  put(block, 0, made.name.substr(0, 100));
  put(block, 100, octal(0644, 8));
  put(block, 124, octal(size, 12));
  put(block, 156, std::string(1, made.type));
  put(block, 157, made.link.substr(0, 100));
  put(block, 257,
      std::string("ustar\0"
                  "00",
                  8));
  set_checksum(block);
  return block;
}

inline std::string entry(const Made& made) {
  std::string bytes = header(made, made.body.size()) + made.body;
  bytes.resize((bytes.size() + 511) / 512 * 512);
  return bytes;
}

// One record of a pax header, which begins with its own length.
inline std::string record(const std::string& text) {
  for (std::size_t length = text.size() + 3;; ++length) {  // it counts its own digits
    std::string line = std::to_string(length) + " " + text + "\n";
    if (line.size() == length) return line;
  }
}

inline std::string tar(const std::vector<Made>& all) {
  std::string bytes;
  for (const Made& made : all) bytes += entry(made);
  return bytes + std::string(1024, '\0');
}

// An image whose layers are these bytes; they must outlive it.
inline Image image_of(const std::vector<std::string>& layers) {
  Image image;
  for (const std::string& bytes : layers) {
    image.info.layers.push_back({.size = bytes.size()});
    image.layers.emplace_back([&bytes] { return memory_bytes(bytes); });
  }
  return image;
}

// A reader that wants files named "wanted*", and in pieces those that begin with "#pieces", and reports each (piece) as a
// package: path and contents.
inline Interest wants_wanted(std::string_view path, std::string_view head) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (head.starts_with("#pieces")) return Interest::pieces;
  return name.starts_with("wanted") ? Interest::read : Interest::none;
}
inline void report_file(const File& file, Inventory& found) {
  found.packages.push_back({.name = std::string(file.bytes), .path = file.path});
}
inline constexpr Reader kWantedReader{wants_wanted, report_file};

}  // namespace peekr::testing_layers
