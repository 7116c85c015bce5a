// SPDX-License-Identifier: Apache-2.0
// Lays layers over the tree, each as soon as it and those below it are read. The lowest one is laid while it is read, in a thread of its
// own, where there are fewer layers than cores: an image may be one layer of millions of files.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "image/layer.h"

namespace peekr {

// What knows how: layer by layer, from the lowest on, by one thread at a time.
class LayerBuilder {
 public:
  virtual ~LayerBuilder() = default;
  virtual void begin(std::uint32_t layer) = 0;
  // The next entries of that layer.
  virtual Status lay(Items::Chunk chunk) = 0;
  // What was found in it, once all of its entries are laid.
  virtual void end(Listing& listing) = 0;
};

class Laying {
 public:
  Laying(LayerBuilder& builder, std::size_t layers)
      : builder_(builder), state_(State{.read = std::vector<std::optional<Listing>>(layers)}) {}

  // Begins with a layer that is about to be read into `items`, if it is the next one.
  void begin(std::uint32_t layer, Items& items);
  // A layer that is read; lays it, and those above it that were read before, in this thread, if no other one does.
  void add(std::uint32_t layer, Listing listing);
  // What laying has failed with.
  Status finish() {
    return state_.with([](State& state) { return std::move(state.status); });
  }

 private:
  struct State {
    std::vector<std::optional<Listing>> read;  // by layer; also those that are laid, emptied
    std::uint32_t next = 0;
    bool busy = false;                   // one is being laid
    std::optional<std::uint32_t> ahead;  // and which, while it is read
    Status status;
  };
  struct Next {
    std::uint32_t layer;
    Listing listing;
  };
  // The chunks of a layer on their way from who reads it to who lays it.
  class Ahead {
   public:
    explicit Ahead(LayerBuilder& builder)
        : helper_([this, &builder](const std::stop_token& stop) { run(builder, stop); }) {}
    Ahead(const Ahead&) = delete;
    Ahead& operator=(const Ahead&) = delete;
    ~Ahead() {
      close();
    }  // and the helper is told to stop: what waits of a layer that was not read to its end is for nobody
    void add(Items::Chunk chunk);
    // All are there; when they are laid, what that has failed with.
    Status finish();

   private:
    // Several at once: to wake a thread takes about as long as to lay a tenth of one.
    static constexpr std::size_t kAtOnce = 4;
    void run(LayerBuilder& builder, const std::stop_token& stop);
    std::vector<Items::Chunk> take();
    void close();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Items::Chunk> chunks_;  // this and the next one under the mutex
    bool closed_ = false;
    Status status_;  // these by the helper, until it has ended
    std::exception_ptr thrown_;
    std::jthread helper_;
  };

  std::optional<Next> take();
  Status lay(Next next);
  Status lay_rest(Listing listing);
  void done(Status status);

  LayerBuilder& builder_;
  Guarded<State> state_;
  std::optional<Ahead> ahead_;  // of who reads that layer, nobody else
};

}  // namespace peekr
