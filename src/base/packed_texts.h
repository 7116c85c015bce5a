// SPDX-License-Identifier: Apache-2.0
// PackedTexts: texts in one piece of memory, each behind its length (LEB128), to be read one after the other. The packages of an image
// own some hundred thousand files: a string for each costs more time than all that is done with it.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cursor.h"

namespace peekr {

class PackedTexts {
 public:
  // Gives views, which live as long as nothing is added.
  class Iterator {
   public:
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using reference = std::string_view;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;  // of C++17, where a forward one must give references
    using iterator_concept = std::forward_iterator_tag;

    Iterator() = default;
    Iterator(std::string_view packed, std::size_t left) : in_(packed), left_(left) { read(); }
    std::string_view operator*() const { return text_; }
    Iterator& operator++() {
      --left_;
      read();
      return *this;
    }
    Iterator operator++(int) {
      Iterator old = *this;
      ++*this;
      return old;
    }
    bool operator==(const Iterator& other) const { return left_ == other.left_; }

   private:
    void read() {
      if (left_ > 0) text_ = in_.take(in_.varint());
    }

    Cursor in_{{}};
    std::size_t left_ = 0;
    std::string_view text_;
  };
  using value_type = std::string_view;
  using iterator = Iterator;
  using const_iterator = Iterator;

  PackedTexts() = default;
  PackedTexts(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) push_back(text);
  }
  PackedTexts(
      const std::vector<std::string>& texts) {  // NOLINT(google-explicit-constructor): the same, packed
    for (const std::string& text : texts) push_back(text);
  }
  // What packed() gives; nothing where it is none.
  [[nodiscard]] static std::optional<PackedTexts> parse(std::string_view packed);

  void push_back(std::string_view text);
  void clear() { *this = {}; }
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::string_view front() const { return *begin(); }  // of one that is not empty
  [[nodiscard]] Iterator begin() const { return {packed_, count_}; }
  [[nodiscard]] Iterator end() const { return {}; }
  [[nodiscard]] const std::string& packed() const { return packed_; }
  bool operator==(const PackedTexts&) const = default;

 private:
  std::string packed_;
  std::size_t count_ = 0;
};

// Sorts the texts, and leaves of equal ones one.
void sort_unique(PackedTexts& texts);

}  // namespace peekr
