"""A page's picture as PDF objects, its compressed data untouched, and how it is painted."""

from dataclasses import dataclass

from pipeline.layers.types import Colour, Layer, Layered, Raster
from pipeline.pdf.file import PdfFile, Value
from schemas.geometry import Affine

_SPACES = {1: "/DeviceGray", 3: "/DeviceRGB"}
_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Painted:
    """The images by their names in the page's resources, and the operators that paint them.

    Coordinates are pixels of the page image, y upwards.
    """

    images: dict[str, str]
    operators: str


def _number(value: float) -> str:
    return f"{value:.8f}".rstrip("0").rstrip(".") or "0"


def _level(value: int) -> str:
    return f"{value / 255:.4f}".rstrip("0").rstrip(".")


def _colour(colour: Colour) -> str:
    if len(set(colour)) == 1:
        return f"{_level(colour[0])} g"
    return " ".join(_level(value) for value in colour) + " rg"


def _filter(raster: Raster) -> dict[str, Value]:
    if raster.codec == "jpeg":
        return {"Filter": "/DCTDecode"}
    if raster.codec == "jbig2":
        return {"Filter": "/JBIG2Decode"}
    if raster.codec == "png":
        parameters: dict[str, Value] = {
            "Predictor": 15,
            "Colors": raster.components,
            "BitsPerComponent": 8,
            "Columns": raster.width,
        }
        return {"Filter": "/FlateDecode", "DecodeParms": parameters}
    parameters = {
        "K": -1,
        "Columns": raster.width,
        "Rows": raster.height,
        "BlackIs1": "true" if raster.black_is_paper else "false",
    }
    return {"Filter": "/CCITTFaxDecode", "DecodeParms": parameters}


def _add(file: PdfFile, raster: Raster, entries: dict[str, Value]) -> str:
    head: dict[str, Value] = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": raster.width,
        "Height": raster.height,
        "BitsPerComponent": 1 if raster.codec in {"g4", "jbig2"} else 8,
    }
    return file.add_stream(raster.data, {**head, **entries, **_filter(raster)})


def _add_layer(file: PdfFile, layer: Layer) -> str:
    raster = layer.raster
    if not layer.stencil:
        return _add(file, raster, {"ColorSpace": _SPACES[raster.components]})
    stencil = _add(file, raster, {"ImageMask": "true"})
    if layer.colours is None:
        return stencil
    space = _SPACES[layer.colours.components]
    return _add(file, layer.colours, {"ColorSpace": space, "Mask": stencil})


def placement(raster: Raster, place: Affine, page_height: int) -> Affine:
    """From PDF's unit square of an image, y upwards, to the page image's pixels, y upwards."""
    unit = Affine(raster.width, 0, 0, 0, -raster.height, raster.height)
    return unit.then(place).then(Affine(1, 0, 0, 0, -1, page_height))


def _painted(layer: Layer, name: str, page_height: int) -> str:
    m = placement(layer.raster, layer.place, page_height)
    numbers = " ".join(_number(value) for value in (m.a, m.d, m.b, m.e, m.c, m.f))
    colour = f"{_colour(layer.colour)} " if layer.stencil and layer.colours is None else ""
    return f"q {colour}{numbers} cm /{name} Do Q"


def add_layers(file: PdfFile, picture: Layered) -> Painted:
    """The picture's images as objects of the file, and how they are painted."""
    images, operators = {}, []
    if picture.paper != _WHITE:
        size = f"{picture.size.width} {picture.size.height}"
        operators.append(f"q {_colour(picture.paper)} 0 0 {size} re f Q")
    for number, layer in enumerate(picture.layers, 1):
        name = f"Im{number}"
        images[name] = _add_layer(file, layer)
        operators.append(_painted(layer, name, picture.size.height))
    return Painted(images, "\n".join(operators))
