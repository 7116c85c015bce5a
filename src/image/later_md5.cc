// SPDX-License-Identifier: Apache-2.0
#include "image/later_md5.h"

#include <utility>

#include "lib/md5_lanes.h"

namespace peekr {

namespace {

constexpr std::size_t kMostTexts =
    1024;  // eight are at work at once: more bring no speed, and each takes memory of its own

}  // namespace

bool LaterMd5::add(std::size_t index, std::string_view bytes) {
  if (bytes.size() > most_) return false;
  if (bytes.size() > most_ - bytes_.size() || kept_.size() == kMostTexts) work_out();
  bytes_.reserve(static_cast<std::size_t>(most_));
  kept_.push_back({index, bytes_.size(), bytes.size()});
  bytes_ += bytes;
  return true;
}

void LaterMd5::finish() {
  work_out();
  std::string().swap(bytes_);  // assigning would keep the memory
}

void LaterMd5::work_out() {
  std::vector<std::string_view> texts;
  for (const Kept& one : kept_) texts.push_back(std::string_view(bytes_).substr(one.offset, one.size));
  std::vector<std::string> digests = md5_of_each(texts);
  for (std::size_t i = 0; i < kept_.size(); ++i) found_[kept_[i].index].digests.md5 = std::move(digests[i]);
  kept_.clear();
  bytes_.clear();
}

}  // namespace peekr
