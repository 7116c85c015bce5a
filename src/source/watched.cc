// SPDX-License-Identifier: Apache-2.0
#include "source/watched.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "model/layer_number.h"

namespace peekr {
namespace {

constexpr std::uint64_t kStep = 1 << 20;  // bytes between two words
constexpr std::chrono::milliseconds kPatience{500};

class Reading {
 public:
  Reading(const Access& access, std::size_t layers) : watch_(access.watch), layers_(layers) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() {
    if (told_) watch_({.name = kName, .ended = true});
  }

  void open(std::uint64_t size) {
    ++opened_;
    total_ += size;
  }

  void add(std::uint64_t count) {
    const std::uint64_t before = bytes_.fetch_add(count, std::memory_order_relaxed);
    if (before / kStep == (before + count) / kStep) return;
    told_ = true;
    const std::string label =
        layer_number(std::min(opened_.load(), layers_) - 1, layers_);  // one at least is open: it is read
    watch_({.name = kName, .bytes = before + count, .total = total_, .label = label, .patience = kPatience});
  }

 private:
  static constexpr const char* kName = "layers";

  std::function<void(const Coming&)> watch_;
  std::size_t layers_;
  std::atomic<std::size_t> opened_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0, total_ = 0;
  std::atomic<bool> told_ = false;
};

class WatchedBytes : public ByteSource {
 public:
  WatchedBytes(std::unique_ptr<ByteSource> source, std::shared_ptr<Reading> reading)
      : source_(std::move(source)), reading_(std::move(reading)) {}

 private:
  Result<std::string_view> fill() override {
    const std::string_view bytes = TRY(source_->next());
    reading_->add(bytes.size());
    return bytes;
  }

  Result<std::uint64_t> jump(std::uint64_t count) override {
    TRY(source_->skip(count));
    reading_->add(count);
    return count;  // of what ends before, nothing comes behind it either
  }

  std::unique_ptr<ByteSource> source_;
  std::shared_ptr<Reading> reading_;
};

}  // namespace

void watch_layers(const Access& access, Image& image) {
  const auto reading = std::make_shared<Reading>(access, image.layers.size());
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    if (!image.layers[i]) continue;
    image.layers[i] = [open = std::move(image.layers[i]), size = image.info.layers[i].size,
                       reading]() -> Result<std::unique_ptr<ByteSource>> {
      std::unique_ptr<ByteSource> source = TRY(open());
      reading->open(size);
      return std::make_unique<WatchedBytes>(std::move(source), reading);
    };
  }
}

}  // namespace peekr
