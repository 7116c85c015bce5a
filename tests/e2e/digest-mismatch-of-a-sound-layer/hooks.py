# SPDX-License-Identifier: Apache-2.0
import importlib


def change(image, variant):
    pack = importlib.import_module("images").pack
    image.other = pack(image.tars[1].replace(b"abc", b"xyz"), image.form)
    image.size = len(image.blobs[1])


def images(image, variant):
    original, blobs = image.blobs[1], image.blobs_and_descriptor

    def exchanged():
        files, descriptor = blobs()
        padded = image.other.ljust(len(original), b"\0")
        return {name: padded if data == original else data for name, data in files.items()}, descriptor

    image.blobs_and_descriptor = exchanged
    return [image]
