module partita

go 1.26
