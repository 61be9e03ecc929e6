"""Invented names."""

import random

GIVEN = """
Adèle Agathe Alice Alix Ambre Amélie Anaïs Apolline Aurore Axelle Blanche Camille Capucine Céleste Charlotte Chloé
Clara Clémence Constance Diane Élise Éloïse Elsa Emma Estelle Eugénie Eva Faustine Flora Garance Hélène Héloïse Inès
Iris Jade Jeanne Joséphine Julia Juliette Justine Léa Léonie Lina Lou Louise Lucie Madeleine Manon Margaux Margot
Mathilde Mila Nina Noémie Océane Olivia Pauline Romane Rose Salomé Sarah Sofia Suzanne Victoire Yasmine Zoé
Achille Adam Alexandre Antoine Armand Arthur Augustin Baptiste Basile Bastien Clément Côme Damien Édouard Eliott Émile
Enzo Étienne Fabien Félix Florian Gabriel Gaspard Grégoire Gustave Hadrien Hector Hugo Ismaël Ivan Jean Joachim Joseph
Jules Karim Kévin Léo Léon Liam Louis Lucas Malo Marius Martin Mathis Matthieu Maxence Mehdi Milo Nathan Noé Octave
Oscar Paul Pierre Quentin Raphaël Rayan Rémi Robin Romain Sacha Samuel Simon Théo Thibault Tom Tristan Valentin Victor
Yanis Youssef Matteo Giulia Lorenzo Chiara Pablo Lucía Marta Diego Joana Tiago Beatriz Lars Freja Mikkel Anouk Sanne
Jan Zofia Kasia Piotr Tomasz Katarzyna Lukas Hannah Jonas Mathilda Sinead Aoife Eoin Eleni Nikos Ioana Andrei Petra Jiří
""".split()  # noqa: SIM905

SURNAMES = """
Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Leroy Roux David Bertrand
Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Lefèvre Faure André Mercier Blanc Guérin
Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu
Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière
Lucas Brunet Gaillard Barbier Arnaud Martínez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger
Fabre Aubert Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq
Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sánchez Dupuis Moulin Louis Deschamps Huet Vasseur
Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renault Charpentier Ménard
Maillard Baron Bertin Bailly Hervé Schneider Fernández Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Cousin
Germain Breton Besson Langlois Rémy Le-Gall Pelletier Lévêque Perrier Leblanc Barré Lebrun Grondin Weber Mallet
Hamon Boulanger Jacob Monnier Michaud Rodríguez Guichard Poulain Étienne Gillet Hoarau Tessier Chevallier Collin Chauvin
Da-Silva Rossi Bianchi Ferrari Kowalski Nowak Wiśniewska Novák Andersen Nielsen Visser De-Vries Papadopoulos Popescu
Benali Haddad Mansouri Diallo Traoré N'Diaye Nguyen Tran O'Brien Kelly Horváth
""".split()  # noqa: SIM905


def name(chance: random.Random) -> tuple[str, str]:
    return chance.choice(GIVEN), chance.choice(SURNAMES).replace("-", " ")
