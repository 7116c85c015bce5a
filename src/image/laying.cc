// SPDX-License-Identifier: Apache-2.0
#include "image/laying.h"

#include <utility>

#include "base/timer.h"

namespace peekr {

void Laying::Ahead::add(Items::Chunk chunk) {
  const std::scoped_lock lock(mutex_);
  chunks_.push_back(std::move(chunk));
  if (chunks_.size() == kAtOnce) changed_.notify_one();
}

void Laying::Ahead::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  changed_.notify_one();
}

// None: no more come.
std::vector<Items::Chunk> Laying::Ahead::take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || chunks_.size() >= kAtOnce; });
  return std::exchange(chunks_, {});
}

void Laying::Ahead::run(LayerBuilder& builder, const std::stop_token& stop) {
  const auto goes_on = [&] { return status_ && !stop.stop_requested(); };
  try {
    for (std::vector<Items::Chunk> chunks = take(); !chunks.empty() && goes_on(); chunks = take()) {
      const Timer timer("image/lay");
      for (std::size_t i = 0; i < chunks.size() && goes_on(); ++i)
        status_ = builder.lay(std::move(chunks[i]));
    }
  } catch (...) {
    thrown_ = std::current_exception();
  }
}

Status Laying::Ahead::finish() {
  close();
  helper_.join();
  if (thrown_) std::rethrow_exception(thrown_);
  return std::move(status_);
}

void Laying::begin(std::uint32_t layer, Items& items) {
  const bool next = state_.with([&](State& state) {
    if (state.busy || state.next != layer) return false;
    state.busy = true;
    state.ahead = state.next++;
    return true;
  });
  if (!next) return;
  builder_.begin(layer);
  ahead_.emplace(builder_);
  items.tell_of_full([this](Items::Chunk chunk) { ahead_->add(std::move(chunk)); });
}

// What of the layer is not on its way yet.
Status Laying::lay_rest(Listing listing) {
  if (!listing.items.chunks().empty()) ahead_->add(listing.items.chunks().back());
  Status status = ahead_->finish();
  ahead_.reset();
  if (status) builder_.end(listing);
  return status;
}

Status Laying::lay(Next next) {
  const Timer timer("image/lay");
  builder_.begin(next.layer);
  for (const Items::Chunk& chunk : next.listing.items.chunks()) TRY(builder_.lay(chunk));
  builder_.end(next.listing);
  return {};
}

// Where it has failed nothing more is laid.
void Laying::done(Status status) {
  state_.with([&](State& state) {
    state.busy = !status;
    state.ahead.reset();
    state.status = std::move(status);
  });
}

std::optional<Laying::Next> Laying::take() {
  return state_.with([](State& state) -> std::optional<Next> {
    if (state.busy || state.next == state.read.size() || !state.read[state.next]) return std::nullopt;
    state.busy = true;
    const std::uint32_t layer = state.next++;
    return Next{layer, *std::move(state.read[layer])};
  });
}

void Laying::add(std::uint32_t layer, Listing listing) {
  const bool begun = state_.with([&](State& state) { return state.ahead == layer; });
  if (begun) {
    done(lay_rest(std::move(listing)));
  } else {
    state_.with([&](State& state) { state.read[layer] = std::move(listing); });
  }
  while (std::optional<Next> next = take()) done(lay(*std::move(next)));
}

}  // namespace peekr
