# SPDX-License-Identifier: Apache-2.0
def change(image, variant):
    image.media_types[1] = "application/vnd.example.layer+squashfs"
