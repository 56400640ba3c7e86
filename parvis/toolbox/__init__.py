"""La boîte à outils: sheets that live, trainings, a network, the pages of content."""
