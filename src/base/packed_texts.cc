// SPDX-License-Identifier: Apache-2.0
#include "base/packed_texts.h"

#include <algorithm>
#include <functional>

namespace peekr {

std::optional<PackedTexts> PackedTexts::parse(std::string_view packed) {
  PackedTexts texts;
  Cursor in(packed);
  for (; !in.at_end(); ++texts.count_) in.skip(in.varint());
  if (!in.ok()) return std::nullopt;
  texts.packed_ = packed;
  return texts;
}

void PackedTexts::push_back(std::string_view text) {
  put_varint(text.size(), [this](char byte) { packed_ += byte; });
  packed_ += text;
  ++count_;
}

void sort_unique(PackedTexts& texts) {
  if (std::ranges::adjacent_find(texts, std::greater_equal<>()) == texts.end()) return;
  std::vector<std::string_view> all(texts.begin(), texts.end());
  std::ranges::sort(all);
  const auto rest = std::ranges::unique(all);
  PackedTexts sorted;
  for (auto text = all.begin(); text != rest.begin(); ++text) sorted.push_back(*text);
  texts = std::move(sorted);
}

}  // namespace peekr
