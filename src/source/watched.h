// SPDX-License-Identifier: Apache-2.0
// Who waits for layers that lie on this machine is told how many of their bytes have been read.
#pragma once

#include "image/image.h"
#include "source/access.h"

namespace peekr {

// Each layer that can be opened tells `access.watch`, under one name for all; that is ended with the image.
void watch_layers(const Access& access, Image& image);

}  // namespace peekr
