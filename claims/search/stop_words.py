"""Words that tell nothing of what a sentence is about, folded as `words` folds them."""

_ENGLISH = (
    "a an the and or but of to in on at by for with from as is are was were be been being has have "
    "had do does did will would can could should shall may might must not no nor it its it's this "
    "that these those he she they we you i his her their our your my me him them us who whom whose "
    "which what there here then than so if when while where why how about into over under after "
    "before up down out off again also just s t "
)
_ROMANCE = (
    "el la los las un una unos unas y o de del que en al es son fue ser ha han por para con sin se "
    "su sus lo le les no como mas pero si ya os as um uma e do da dos das em na nas nos foi sao "
    "por com seu sua mais mas le les l d du des et ou un une est sont etait dans sur pour par avec "
    "sans ce cette ces il elle ils elles on qui que qu ne pas plus au aux se sa son ses il lo gli "
    "i di della del dei delle che non sono da nel nella per con "
)
_GERMANIC = (
    "der die das den dem des ein eine einer eines einem einen und oder ist sind war waren wird "
    "werden wurde hat haben nicht von zu zum zur mit auf fur im am an bei aus nach es sie er wir "
    "ich sich auch als wie dass de het een en van op te dat niet met voor zijn wordt "
)
_OTHER = (
    "и в на не что он она они мы я это как по с со к у из за от для о но а же то был была были "
    "في من على الى إلى عن أن ان هذا هذه التي الذي ما لا لم و هو هي "
    "का की के को में से है हैं था थे थी और यह वह पर ने भी नहीं"
)
STOP_WORDS = frozenset(
    word for words in (_ENGLISH, _ROMANCE, _GERMANIC, _OTHER) for word in words.split()
)
